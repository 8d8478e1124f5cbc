import type { DriverName } from '../../../src/store/index.ts'

export function driverNamed(name: string | undefined): DriverName {
  if (name === 'better-sqlite3' || name === 'node:sqlite') return name
  throw new TypeError(`no driver is called ${name}`)
}
