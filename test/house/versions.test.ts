import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { root } from './tree.ts'

const lockFile = z.object({ packages: z.record(z.string(), z.object({ version: z.string().optional() })) })
const manifest = z.object({
  engines: z.object({ node: z.string() }),
  dependencies: z.record(z.string(), z.string()),
})

const lockText = readFileSync(join(root, 'package-lock.json'), 'utf8')
const locked = lockFile.parse(JSON.parse(lockText)).packages
const { engines, dependencies } = manifest.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))

describe('versions', () => {
  // Below each of these is a known hole or a known way to lose data.
  it.each([
    ['node', '24.0.0'],
    ['better-sqlite3', '13.2.0'],
    ['@modelcontextprotocol/sdk', '1.32.2'],
    ['hono', '4.13.19'],
    ['@hono/node-server', '2.1.8'],
    ['jose', '6.2.17'],
    ['@napi-rs/keyring', '2.1.2'],
    ['plaid', '47.0.0'],
    ['kysely', '0.29.9'],
  ])('%s is %s or later, wherever it is installed', (name, floor) => {
    const found = Object.entries(locked).filter(([path]) => path.endsWith(`node_modules/${name}`))
    expect(found.length).toBeGreaterThan(0)
    expect(found.filter(([, { version = '0' }]) => isOlder(version, floor))).toEqual([])
  })

  it('Node 22.20 is asked for, and runs the tests or something later does', () => {
    expect(engines.node).toBe('>=22.20')
    expect(isOlder(process.versions.node, '22.20.0')).toBe(false)
  })

  it('SQLite is past its reset bug in both drivers', () => {
    expect(isOlder(sqliteOf(new Database(':memory:')), '3.51.3')).toBe(false)
    expect(isOlder(sqliteOf(new DatabaseSync(':memory:')), '3.51.3')).toBe(false)
  })

  it('what runs in a household is pinned exactly', () => {
    const loose = Object.entries(dependencies).filter(([, range]) => !/^\d+\.\d+\.\d+$/.test(range))
    expect(loose).toEqual([])
  })

  it('dotenv, which prints to stdout, is not among them', () => {
    expect(Object.keys(locked).filter((path) => /\/dotenv[a-z-]*$/.test(path))).toEqual([])
  })
})

describe('the lock file', () => {
  it.each(['package-lock.json', 'third-party/package-lock.json'])('%s names no host', (path) => {
    expect(readFileSync(join(root, path), 'utf8').match(/"resolved": *"https?:[^"]*"/)).toBeNull()
  })
})

function isOlder(version: string, floor: string): boolean {
  return version.localeCompare(floor, 'en', { numeric: true }) < 0
}

function sqliteOf(database: { prepare(sql: string): { get(): unknown } }): string {
  const row = z
    .object({ version: z.string() })
    .parse(database.prepare('select sqlite_version() as version').get())
  return row.version
}
