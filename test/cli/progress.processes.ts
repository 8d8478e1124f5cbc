import { expect, it } from 'vitest'
import { household } from '../support/coffer.ts'
import { atTerminal, noTerminal } from './terminal.ts'

it.skipIf(noTerminal !== null).each([
  ['doctor', 'Asking Plaid…', '✓ Node: '],
  ['sync', 'Asking the banks…', '! No bank is connected yet.'],
])('what %s is about leaves its line before anything is said', async (command, about, says) => {
  await using house = await household()
  const terminal = atTerminal([command], house.env)
  await terminal.ended
  // Between both the cursor went back, and the line was emptied.
  expect(terminal.screen()).toContain(`\r${about}\r${says}`)
})
