import { chmodSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { connectBank, type Copy, type Household, household } from '../support/coffer.ts'
import { run, runJson } from './process.ts'

// Each starts a dozen processes, which a busy machine makes slow.
vi.setConfig({ testTimeout: 90_000 })

async function connected(): Promise<Household> {
  const house = await household()
  const copy = await house.start()
  await connectBank(copy)
  // The first fetch has ended.
  await copy.call('sync_snapshot')
  await copy.close()
  return house
}

/** True when its token reaches Plaid, and is the right one there. */
async function reaches({ simulator }: Household, copy: Copy): Promise<boolean> {
  const checks = () => simulator.controls.calls().filter(({ path }) => path === '/item/get').length
  const before = checks()
  const { vault, connections } = await copy.call('list_connections', { refresh: true })
  return vault === 'ok' && checks() > before && connections.every(({ status }) => status === 'active')
}

const keyTexts = ({ home }: Household) => readFileSync(join(home, 'test.key'), 'utf8').trimEnd().split('\n')

it('status, rotate and retire: every token opens with the new key, beside a copy that runs', async () => {
  await using house = await connected()
  const copy = await house.start()
  expect(await reaches(house, copy)).toBe(true)
  const before = await runJson(['keys', 'status'], house.env)
  expect(before).toMatchObject({
    code: 0,
    json: {
      source: 'file',
      vault: 'ok',
      active: { source: 'file', age_days: 0, records: 3, canary: 'opens' },
      decrypt_only: [],
      retired: [],
      records_of_no_known_key: 0,
    },
  })

  const rotated = await runJson(['keys', 'rotate'], house.env)
  expect(rotated).toMatchObject({ code: 0, json: { rewrapped: 3, open: 3, damaged: 0 } })
  expect(await reaches(house, copy)).toBe(true)
  const between = await run(['keys', 'status'], house.env)
  expect(between.stdout).toMatch(/k1-file-[0-9a-f]{16}\s+decrypt-only\s+file\s+0 d\s+0\s+opens/)
  expect(between.stdout).toMatch(/k1-file-[0-9a-f]{16}\s+active\s+file\s+0 d\s+3\s+opens/)

  const said = [before.stdout, rotated.stdout, between.stdout]
  for (const text of keyTexts(house)) expect(said.join('\n')).not.toContain(text.split('.')[1])
  const retired = await run(['keys', 'retire'], house.env)
  expect(retired).toMatchObject({ code: 0, stdout: expect.stringContaining('its key is deleted') })
  expect(keyTexts(house)).toHaveLength(1)
  expect(await runJson(['keys', 'status'], house.env)).toMatchObject({
    code: 0,
    json: { active: { records: 3 }, decrypt_only: [], retired: [{ canary: 'deleted', records: 0 }] },
  })
  // One that runs has both keys in memory; one that starts has only what is left.
  const [running, started] = [copy, await house.start()]
  for (const one of [running, started]) expect(await reaches(house, one)).toBe(true)
})

it('COFFER_KEY alone moves nothing and is 78; keys rotate moves', async () => {
  await using house = await connected()
  const env = { ...house.env, COFFER_KEY: 'env', TOKEN_ENCRYPTION_KEY: 'correct horse battery staple' }
  const status = await runJson(['keys', 'status'], env)
  expect(status).toMatchObject({
    code: 78,
    json: {
      source: 'env',
      vault: 'locked',
      fix: expect.stringContaining('coffer-mcp keys rotate'),
      active: { source: 'file', canary: 'opens' },
    },
  })
  expect(await run(['keys', 'rotate'], env)).toMatchObject({ code: 0 })
  expect(await runJson(['keys', 'status'], env)).toMatchObject({
    code: 0,
    json: { active: { source: 'env', records: 3 }, decrypt_only: [{ source: 'file', records: 0 }] },
  })
  expect(await run(['keys', 'retire'], env)).toMatchObject({ code: 0 })
  expect(await run(['keys', 'status'], house.env)).toMatchObject({ code: 78 })
  const copy = await house.start(env)
  expect(await reaches(house, copy)).toBe(true)
})

it('from one file to another; one that others can read stops it, with the command that mends it', async () => {
  await using house = await connected()
  const path = join(house.home, 'other.key')
  const env = { ...house.env, COFFER_KEY: `file:${path}` }
  expect(await run(['keys', 'rotate'], env)).toMatchObject({ code: 0 })
  chmodSync(path, 0o640)
  const refused = await run(['keys', 'rotate'], env)
  expect(refused).toMatchObject({ code: 1, stdout: '' })
  expect(refused.stderr).toContain(`HOME_NOT_PRIVATE: `)
  expect(refused.stderr).toContain(`Run: chmod 600 '${path}'`)
  chmodSync(path, 0o600)
  expect(await run(['keys', 'status'], env)).toMatchObject({ code: 0 })
})

it('without a bank there is no key, and nothing to rotate or retire', async () => {
  await using house = await household()
  expect(await run(['keys', 'status'], house.env)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('There is no key yet'),
  })
  expect(await runJson(['keys', 'rotate'], house.env)).toMatchObject({ code: 0, json: { key_id: null } })
  expect(await runJson(['keys', 'retire'], house.env)).toMatchObject({ code: 0, json: { retired: [] } })
})
