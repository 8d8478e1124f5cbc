import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { connectBank, household } from '../support/coffer.ts'
import { freePort, stranger } from '../support/port.ts'
import { until } from '../support/until.ts'
import { faults } from './doctor/faults.ts'
import { freshEnv, run, runJson, start } from './process.ts'

it('finds nothing wrong with a dead connection that another one has replaced', async () => {
  await using house = await household()
  const copy = await house.start()
  const old = await connectBank(copy)
  const refusal = { kind: 'error', code: 'INVALID_ACCESS_TOKEN' } as const
  // The leader asks as well as it begins, before or after.
  house.simulator.controls.failNext('/item/get', refusal, { itemId: old.item_id, times: 50 })
  await copy.call('list_connections', { refresh: true })
  expect(await run(['doctor'], house.env)).toMatchObject({ code: 1, stdout: expect.stringContaining('✗') })

  const next = await connectBank(copy, {}, { replaces: old.item_id })
  const { code, stdout } = await run(['doctor'], house.env)
  expect(stdout).toContain(`counts through that connection (item_id ${next.item_id})`)
  expect({ code, wrong: stdout.includes('✗') }).toEqual({ code: 0, wrong: false })
})

describe('doctor, with everything broken in turn', () => {
  it('finds nothing on a household that is well, and says where the keys come from', async () => {
    await using house = await household()
    await run(['list'], house.env)
    const { code, stdout } = await run(['doctor'], house.env)
    expect(code).toBe(0)
    expect(stdout).toContain('✓ Plaid keys: accepted in sandbox, from the environment')
    expect(stdout).toMatch(/✓ clock: agrees with Plaid's|✓ clock: \d+ s off/)
    expect(stdout).toContain('✓ Claude Desktop: not on this machine')
  })

  it('names each fault, its fix, and the gravest of the exit codes', async () => {
    await using house = await household()
    await run(['list'], house.env)
    const data = house.env.COFFER_HOME ?? ''
    const settings = join(data, 'config.json')
    writeFileSync(settings, '{"COFFER_LEDGER":"off"}', { mode: 0o644 })
    chmodSync(settings, 0o644)
    expect(await faults(house.env)).toMatchObject({ code: 1, faults: [`✗ data: others can use ${settings}`] })
    chmodSync(settings, 0o600)

    writeFileSync(settings, '{"COFFER_LEDGER":"perhaps"}')
    expect(await faults(house.env)).toMatchObject({
      code: 78,
      faults: [expect.stringMatching(/^✗ settings: BAD_SETTING: COFFER_LEDGER/)],
    })
    writeFileSync(settings, '{"COFFER_LEDGR":"on"}')
    expect(await faults(house.env)).toMatchObject({
      code: 1,
      faults: [`✗ config.json: ${settings} has what is no setting: COFFER_LEDGR`],
    })
    writeFileSync(settings, '{}')

    const other = await stranger()
    const wanted = {
      COFFER_PORT: String(other.port),
      COFFER_WEBHOOK_URL: 'https://t.example.test/plaid/webhook',
    }
    expect(await faults({ ...house.env, ...wanted })).toMatchObject({
      code: 1,
      faults: [
        expect.stringMatching(/^✗ webhooks: nobody listens/),
        expect.stringMatching(new RegExp(`^✗ port ${other.port}: in use`)),
      ],
    })
    await other.leave()

    const { HOME = '', ...env } = house.env
    mkdirSync(join(HOME, '.config', 'Claude'), { recursive: true })
    const entry = { mcpServers: { coffer: { command: '/gone/node', args: [] } } }
    writeFileSync(join(HOME, '.config', 'Claude', 'claude_desktop_config.json'), JSON.stringify(entry))
    const wrong = { ...env, HOME, PLAID_SECRET: 'f'.repeat(30) }
    expect(await faults(wrong)).toMatchObject({
      code: 77,
      faults: [
        expect.stringMatching(/^✗ Plaid keys: refused/),
        expect.stringMatching(/^✗ Claude Desktop: .*\/gone\/node/),
      ],
    })

    writeFileSync(join(data, 'coffer.db'), 'no database at all'.repeat(100))
    // The first look moves it away, so the next one finds something else.
    expect(await run(['doctor'], wrong)).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^✗ start: DATABASE_DAMAGED: .*\n {4}.*\n✗ Claude Desktop/m),
    })
  })

  it('makes nothing where nothing is, and asks Plaid about the keys all the same', async () => {
    await using house = await household()
    const { code, stdout } = await run(['doctor'], house.env)
    expect(code).toBe(0)
    expect(stdout).toContain(`✓ data: ${house.env.COFFER_HOME} is not there yet`)
    expect(stdout).toContain('✓ Plaid keys: accepted in sandbox, from the environment')
    expect(stdout).not.toContain('SQLite')
    expect(readdirSync(house.home)).toEqual([])
  })

  it('says all of it as JSON, with a fix beside each fault', async () => {
    const env = freshEnv()
    mkdirSync(env.COFFER_HOME ?? '', { mode: 0o700 })
    const { code, json } = await runJson(['doctor'], { ...env, COFFER_KEY: 'keychain' })
    expect(code).toBe(78)
    const { findings } = json as { findings: { ok: boolean; fix?: string }[] }
    expect(findings.filter(({ ok, fix }) => !ok && fix === undefined)).toEqual([])
    expect(findings.filter(({ ok }) => !ok).length).toBe(2)
  })

  it('follows the webhook address to the copy that listens, and knows that of another household', async () => {
    await using house = await household()
    await using neighbour = await household()
    const [port, next] = [await freePort(), await freePort()]
    const url = (of: number) => `http://127.0.0.1:${of}/plaid/webhook`
    const env = { ...house.env, COFFER_PORT: String(port), COFFER_WEBHOOK_URL: url(port) }
    const running = [
      start(['listen'], env),
      start(['listen'], { ...neighbour.env, COFFER_PORT: String(next) }),
    ]
    await until(() => running.every(({ stdout }) => stdout().includes('listening on')))
    expect((await run(['doctor'], env)).stdout).toContain(`✓ webhook address: ${url(port)} leads here`)
    expect(await faults({ ...env, COFFER_WEBHOOK_URL: url(next) })).toMatchObject({
      code: 1,
      faults: [`✗ webhook address: ${url(next)} leads to another data directory of Coffer`],
    })
    expect(await faults({ ...env, COFFER_WEBHOOK_URL: url(await freePort()) })).toMatchObject({
      code: 1,
      faults: [expect.stringContaining('cannot be reached from here (ECONNREFUSED)')],
    })
  })
})
