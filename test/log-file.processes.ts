import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { freshEnv, run } from './cli/process.ts'
import { connectBank, household } from './support/coffer.ts'

const program = `
  const { openLogFile } = await import(${JSON.stringify(join(import.meta.dirname, '../src/log-file.ts'))})
  const [path, name, lines, size] = process.argv.slice(1)
  const file = openLogFile(path, Number(size))
  for (let number = 0; number < Number(lines); number++)
    file.write(JSON.stringify({ name, number, text: 'x'.repeat(number % 90) }) + '\\n')
`

it('several processes write one log over many turns, and no line is torn or lost', async () => {
  const home = freshEnv().HOME ?? ''
  const path = join(home, 'shared.log')
  const [writers, lines, size] = [4, 3_000, 256 * 1024]
  const ended = Array.from({ length: writers }, async (_, name) => {
    const args = ['--input-type=module', '-e', program, path, String(name), String(lines), String(size)]
    const child = spawn(process.execPath, args, { stdio: 'inherit' })
    const [code] = await once(child, 'close')
    return code
  })
  expect(await Promise.all(ended)).toEqual([0, 0, 0, 0])
  const files = readdirSync(home).filter((name) => name.startsWith('shared.log'))
  expect(files.length).toBeGreaterThan(3)
  expect(files).not.toContain('shared.log.lock')
  // Whoever writes while another one turns it over may exceed it by some lines.
  for (const name of files) expect(statSync(join(home, name)).size).toBeLessThan(1.1 * size)
  const texts = files.map((name) => readFileSync(join(home, name), 'utf8').trim().split('\n'))
  const seen = texts.flat().map((text): { name: string; number: number } => JSON.parse(text))
  expect(new Set(seen.map(({ name, number }) => `${name} ${number}`)).size).toBe(writers * lines)
  expect(seen).toHaveLength(writers * lines)
})

const debug = { COFFER_LOG_LEVEL: 'debug' }

it('the log of a server is turned over at 5 MB, and erase takes every part of it', async () => {
  await using house = await household()
  const data = join(house.home, 'data')
  mkdirSync(data, { mode: 0o700 })
  const path = join(data, 'coffer.log')
  writeFileSync(path, 'old\n', { mode: 0o600 })
  truncateSync(path, 5 * 1024 * 1024)
  const log = { ...debug, COFFER_LOG_FILE: path }
  const [one, other] = [await house.start(log), await house.start(log)]
  await connectBank(one)
  await other.call('sync_snapshot', { max_age_minutes: 0 })
  await Promise.all([one.close(), other.close()])
  const lines = readFileSync(path, 'utf8').trim().split('\n')
  expect(new Set(lines.map((text) => Number(JSON.parse(text).pid))).size).toBe(2)
  expect(statSync(`${path}.1`).size).toBe(5 * 1024 * 1024)
  for (const name of [path, `${path}.1`]) expect(statSync(name).mode & 0o777).toBe(0o600)
  expect(existsSync(`${path}.2`)).toBe(false)
  const { code, stderr } = await run(['erase', '--yes'], { ...house.env, ...log })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(existsSync(data)).toBe(false)
})

it.each([
  ['on a full disk', '/dev/full', ''],
  ['in a directory that is not there', '/no/such/place/coffer.log', 'COFFER_LOG_FILE cannot be written'],
])('a log %s keeps no tool from answering', async (_what, path, told) => {
  await using house = await household()
  const copy = await house.start({ ...debug, COFFER_LOG_FILE: path })
  await connectBank(copy)
  expect(await copy.call('sync_snapshot', { max_age_minutes: 0 })).toMatchObject({ complete: true })
  await copy.close()
  expect(copy.stderr()).toContain(told)
})
