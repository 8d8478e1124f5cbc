import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { household } from './support/coffer.ts'

const program = `import { machineTimeZone } from ${JSON.stringify(join(import.meta.dirname, '../src/time-zone.ts'))}
process.stdout.write(machineTimeZone())`

it.each([
  ['Europe/Berlin', 'Europe/Berlin'],
  ['Nope/Zone', 'UTC'],
  [':/etc/localtime', 'UTC'],
  ['', 'UTC'],
])('TZ=%s is the time zone %s', (zone, expected) => {
  const run = ['--input-type=module', '--eval', program]
  expect(execFileSync(process.execPath, run, { env: { ...process.env, TZ: zone }, encoding: 'utf8' })).toBe(
    expected,
  )
})

it('a machine whose time zone nobody knows still gets its figures, by UTC', async () => {
  await using house = await household()
  const copy = await house.start({ TZ: 'Nope/Zone' })
  expect((await copy.call('sync_snapshot')).window.time_zone).toBe('UTC')
})
