import { expect } from 'vitest'
import { z } from 'zod'
import { run, runJson } from '../process.ts'

const report = z.object({
  findings: z.array(
    z.object({ check: z.string(), ok: z.boolean(), says: z.string(), fix: z.string().optional() }),
  ),
})

/**
 * What the command finds wrong: the lines of a fault, and the exit code. With --json it has to say the same, and a fix
 * beside each of them.
 * @param options for Node itself
 */
export async function faults(env: Record<string, string>, options: string[] = []) {
  const [{ code, stdout }, asJson] = await Promise.all([
    run(['doctor'], env, options),
    runJson(['doctor'], env, options),
  ])
  const wrong = report.parse(asJson.json).findings.filter(({ ok }) => !ok)
  const lines = stdout.split('\n')
  const said = lines.filter((line) => line.startsWith('✗'))
  expect(asJson.code).toBe(code)
  expect(wrong.map(({ check, says }) => `✗ ${check}: ${says}`)).toEqual(said)
  const fixes = wrong.map(({ fix = 'none' }) => fix)
  for (const fix of fixes.flatMap((text) => text.split('\n'))) expect(lines).toContain(`    ${fix}`)
  return { code, faults: said, fixes }
}
