import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { withHome } from './coffer.ts'
import { type Figure, median } from './figure.ts'

const rows = 100_000
const rounds = 9
const program = join(import.meta.dirname, 'snapshot-program.ts')

/** The figures of all that is stored, beside reading the same transactions into JavaScript. */
export async function measureSnapshot(): Promise<Figure[]> {
  return await withHome(async (home) => {
    const args = [program, home, String(rounds), String(rows)]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    const [said, [code]] = await Promise.all([text(child.stdout), once(child, 'close')])
    if (code !== 0) throw new Error(`the program ended with ${String(code)}`)
    const { oursMs, judgedMs, floorMs }: Record<string, number[]> = JSON.parse(said)
    const floor = median(floorMs ?? [])
    return [
      { name: 'snapshot, ledger of 100,000', unit: 'ms', value: median(oursMs ?? []), floor, budget: 2 },
      { name: '  every row judged anew', unit: 'ms', value: median(judgedMs ?? []), floor },
    ]
  })
}
