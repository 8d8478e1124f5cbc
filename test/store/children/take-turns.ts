// Takes a lock again and again, and leaves a file while it has it that nobody else may find: take-turns PATH TURNS
import { rmSync, writeFileSync } from 'node:fs'
import { waitForLock } from '../../../src/lock.ts'

const [path = '', turns = ''] = process.argv.slice(2)
for (let turn = 0; turn < Number(turns); turn++) {
  const lock = await waitForLock(path, { timeoutMs: 20_000 })
  writeFileSync(`${path}.holder`, '', { flag: 'wx' })
  await new Promise((resolve) => setImmediate(resolve))
  rmSync(`${path}.holder`)
  lock.release()
}
