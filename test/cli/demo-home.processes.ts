import { existsSync, mkdirSync, readdirSync, readlinkSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { silentLog } from '../../src/log.ts'
import { freshEnv, run, runJson } from './process.ts'

const banks = ['First Platypus Bank', 'Tartan Bank', 'Houndstooth Bank']

it('every command works on the demo, and the second time it is the same household', async () => {
  const env = freshEnv()
  const first = await runJson(['list', '--demo'], env)
  expect(first).toMatchObject({ code: 0, stderr: '', json: { total: 3, needs_attention: 0, vault: 'ok' } })
  const second = await runJson(['list', '--demo'], env)
  expect(itemIds(second.json)).toEqual(itemIds(first.json))

  const snapshot = await runJson(['sync', '--demo'], env)
  expect(snapshot).toMatchObject({
    code: 0,
    json: { complete: true, totals: [{ currency: 'USD' }], warnings: [] },
  })
  const again = await runJson(['sync', '--demo', '--max-age', '0'], env)
  expect(again.json).toMatchObject({ complete: true, totals: Reflect.get(Object(snapshot.json), 'totals') })
  expect(await runJson(['positions', '--demo', '--group-by', 'type'], env)).toMatchObject({
    code: 0,
    json: { complete: true },
  })
  expect(await runJson(['tokens', 'analytics', '--demo'], env)).toMatchObject({
    code: 0,
    json: { analytics: { total_tokens: 3, active_tokens: 3 } },
  })
  expect(await runJson(['doctor', '--demo'], env)).toMatchObject({ code: 0, stderr: '' })
  expect(await run(['call', 'get_positions', '{"limit":1}', '--demo'], env)).toMatchObject({
    code: 0,
    stderr: '',
  })

  const home = env.COFFER_HOME ?? ''
  expect(readdirSync(home)).toEqual(['demo'])
  const shared = readdirSync(join(home, 'demo')).filter(
    (name) => (statSync(join(home, 'demo', name)).mode & 0o077) !== 0,
  )
  expect(shared).toEqual([])
})

it('the household has all its banks whatever products the person agreed to use', async () => {
  const env = { ...freshEnv(), PLAID_PRODUCTS: 'transactions' }
  expect(await runJson(['list', '--demo'], env)).toMatchObject({ code: 0, json: { total: 3 } })
  expect(await runJson(['positions', '--demo'], env)).toMatchObject({ code: 0, json: { complete: true } })
})

it('what a start that was ended left undone is made up for', async () => {
  const config = readConfig({ flags: {}, env: freshEnv(), demo: true })
  const first = await createApp(config, silentLog)
  const [kept, lost] = await first.store.connections.list()
  await first.store.connections.remove(lost?.itemId ?? '')
  await first.close()
  const next = await createApp(config, silentLog)
  const rows = await next.store.connections.list()
  await next.close()
  expect(rows.map(({ institution }) => institution).sort()).toEqual([...banks].sort())
  expect(rows).toContainEqual(kept)
})

const openFiles = '/proc/self/fd'
it.skipIf(!existsSync(openFiles))('a start that fails leaves nothing open', async () => {
  const config = readConfig({ flags: {}, env: freshEnv(), demo: true })
  mkdirSync(join(config.home, 'demo.key'), { recursive: true, mode: 0o700 })
  await expect(createApp(config, silentLog)).rejects.toMatchObject({ code: 'VAULT_LOCKED' })
  const open = readdirSync(openFiles).map((file) => linkOf(join(openFiles, file)))
  expect(open.filter((path) => path.startsWith(config.home))).toEqual([])
})

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    // The one that the directory itself was read by.
    return ''
  }
}

it('the same for people, in words and tables', async () => {
  const env = freshEnv()
  const list = await run(['list', '--demo'], env)
  for (const bank of banks) expect(list.stdout).toContain(bank)
  expect((await run(['sync', '--demo'], env)).stdout).toContain('Complete: every bank is fresh.')
  expect((await run(['positions', '--demo'], env)).stdout).toMatch(/VTI|Vanguard/)
  expect((await run(['tokens', 'analytics', '--demo'], env)).stdout).toMatch(/total tokens +3/)
  expect((await run(['doctor', '--demo'], env)).stdout).not.toContain('✗')
})

function itemIds(json: unknown): unknown[] {
  const rows: unknown = Reflect.get(Object(json), 'connections')
  return Array.isArray(rows) ? rows.map((row: unknown) => Reflect.get(Object(row), 'item_id')) : []
}
