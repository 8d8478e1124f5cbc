import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createVault } from '../../src/vault/index.ts'
import { say } from '../torture/report.ts'
import { keychainIn, recordsIn } from './disk.ts'
import { lockHere, nothingSealed, place } from './rig.ts'

/** Of each source. */
const ROUNDS = 50
let home: string
let copies: ChildProcess[]

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'coffer-first-'))
  copies = Array.from({ length: 6 }, () => fork(join(import.meta.dirname, 'first-start-program.ts')))
  await Promise.all(copies.map((copy) => once(copy, 'message')))
})

afterAll(() => {
  for (const copy of copies) copy.kill()
  rmSync(home, { recursive: true })
})

/** All copies look for a key in this new directory at the same moment. */
async function startAll(directory: string, source: string): Promise<unknown[]> {
  mkdirSync(directory)
  const answers = copies.map(async (copy) => (await once(copy, 'message'))[0])
  for (const copy of copies) copy.send({ directory, source })
  return Promise.all(answers)
}

describe.each(['keychain', 'file'] as const)('six processes that start at once, key from %s', (source) => {
  it(`agree on one key in each of ${ROUNDS} rounds`, async () => {
    for (const round of Array(ROUNDS).keys()) {
      const directory = join(home, `${source}-${round}`)
      const answers = await startAll(directory, source)
      const vault = createVault({
        key: source === 'file' ? { source, path: join(directory, 'coffer.key') } : { source },
        databaseId: 'database-1',
        keys: recordsIn(directory),
        hasSealedRows: async () => true,
        sealed: nothingSealed,
        lock: lockHere(),
        keychain: keychainIn(directory, 0),
        now: Date.now,
      })
      const opened = await Promise.all(answers.map((answer) => vault.open(place, sealedOf(answer))))
      expect(opened.map((secret) => secret.open())).toEqual(copies.map(() => 'token-for-tests-only'))
      expect(await recordsIn(directory).list()).toHaveLength(1)
      expect(readdirSync(directory).filter((name) => /secret|key$/.test(name))).toHaveLength(1)
    }
    say(
      `first starts: six processes at once, ${ROUNDS} rounds with a key from ${source} (target 100 in both); more than one key 0 (target 0)`,
    )
  })
})

function sealedOf(answer: unknown): string {
  if (typeof answer === 'object' && answer !== null && 'sealed' in answer) return String(answer.sealed)
  throw new Error(JSON.stringify(answer))
}
