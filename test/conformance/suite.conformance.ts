import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { silentLog } from '../../src/log.ts'
import { createServer } from '../../src/server.ts'
import { serveHttp } from '../support/http.ts'
import { openRooms } from '../support/rooms.ts'

const root = join(import.meta.dirname, '../..')
const cli = join(root, 'third-party/node_modules/@modelcontextprotocol/conformance/dist/index.js')

/** The suite asks for fixtures by name. Where what is asked for is something that Coffer has, it gets that. */
const names = {
  test_simple_text: 'token_analytics',
  test_simple_prompt: 'financial_coach',
  test_prompt_with_arguments: 'fix_connections',
  arg1: 'item_id',
  'test://static-text': 'coffer://snapshot/latest',
  'test://watched-resource': 'coffer://connections',
}

it('passes every scenario of the official suite that is about something Coffer has', async () => {
  await using rooms = await openRooms()
  await rooms.connect()
  const deps = { core: async () => rooms.app, readOnly: false, log: silentLog, onIdle: () => undefined }
  await using door = await serveHttp(() => createServer(deps), names)
  const { code, summary } = await runSuite(door.url)
  expect(summary).toContain('Baseline check passed')
  expect(summary).toContain('Total: 16 passed')
  expect(code).toBe(0)
})

/** It ends with 1 where a scenario fails that is not in the baseline, or one that is in it passes. */
async function runSuite(url: string) {
  const results = mkdtempSync(join(tmpdir(), 'coffer-conformance-'))
  const baseline = join(import.meta.dirname, 'not-applicable.yml')
  const args = ['server', '--url', url, '--suite', 'active', '--expected-failures', baseline, '-o', results]
  const child = spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [said, [code]] = await Promise.all([text(child.stdout), once(child, 'close')])
  rmSync(results, { recursive: true, force: true })
  return { code, summary: said.slice(said.indexOf('=== SUMMARY ===')) }
}
