import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { finishLink } from '../../src/simulator/click.ts'
import { household, type Household } from '../support/coffer.ts'
import { run, runJson, type Running, start } from './process.ts'

const person = { institutionId: 'ins_109508', username: 'user_good', password: 'pass_good' }

let house: Household

/** For the tests of one describe, which go on from one another. */
function withHousehold(): void {
  beforeAll(async () => {
    house = await household()
  })
  afterAll(() => house[Symbol.asyncDispose]())
}

/** The link that a command has printed and waits at. */
async function linkOf(running: Running): Promise<string> {
  await expect.poll(running.stdout, { timeout: 15_000 }).toMatch(/http:\/\/127\.0\.0\.1:\d+\/link\/\w+/)
  return /http:\/\/\S+/.exec(running.stdout())?.[0] ?? ''
}

async function connect(args: readonly string[] = [], institutionId = person.institutionId) {
  const running = start(['connect', ...args], house.env)
  await finishLink(await linkOf(running), 'success', { ...person, institutionId })
  return await running.ended
}

describe('connect', () => {
  withHousehold()

  it('prints the link, waits for the person, and says how it went', async () => {
    const { code, stdout, stderr } = await connect(['--label', 'Ours'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(
      /^Log in at your bank here:\n\n {2}http.*\n\n.*First Platypus Bank is connected\.\n$/s,
    )
    const { json } = await runJson(['list'], house.env)
    expect(json).toMatchObject({ total: 1, connections: [{ label: 'Ours', status: 'active' }] })
    expect(await runJson(['sync'], house.env)).toMatchObject({ code: 0, json: { complete: true } })
  })

  it('recognises the same login; --keep connects it all the same', async () => {
    const again = await connect()
    expect(again.code).toBe(1)
    expect(again.stdout).toContain('is connected already with this login')
    expect(await connect(['--keep'])).toMatchObject({ code: 0 })
    expect((await runJson(['list'], house.env)).json).toMatchObject({ total: 2 })
  })

  it('goes on waiting when the page was left, and ends with 77 by Ctrl-C; the link lives on', async () => {
    const running = start(['connect'], house.env)
    const url = await linkOf(running)
    const atOther = { ...person, institutionId: 'ins_109511' }
    await finishLink(url, 'cancel', atOther)
    await expect.poll(running.stdout, { timeout: 15_000 }).toContain('The page was left')
    running.child.kill('SIGINT')
    const { code, stdout } = await running.ended
    expect(code).toBe(77)
    const finish = /coffer-mcp call check_connection '(.*)'/.exec(stdout)?.[1] ?? ''
    expect((await runJson(['list'], house.env)).json).toMatchObject({ total: 2 })
    await finishLink(url, 'success', atOther)
    expect(await runJson(['call', 'check_connection', finish], house.env)).toMatchObject({
      code: 0,
      json: { outcome: 'connected' },
    })
  })

  it('says where a login that Plaid hands over no more may still be, and how to go on', async () => {
    const fault = { kind: 'error', code: 'INVALID_PUBLIC_TOKEN' } as const
    house.simulator.controls.failNext('/item/public_token/exchange', fault)
    const { code, stdout } = await connect([], 'ins_109510')
    expect(code).toBe(1)
    expect(stdout).toMatch(
      /The bank accepted the login.*Plaid dashboard the unused Item may be removed\. Run coffer-mcp connect for that\./,
    )
    expect(stdout).not.toContain('expired')
  })

  it('with --json prints the link, where the person can see it, and the end as JSON', async () => {
    const running = start(['connect', '--json'], house.env)
    const url = await linkOfJson(running)
    await finishLink(url, 'success', { ...person, institutionId: 'ins_109509' })
    const { code, stdout } = await running.ended
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ url, outcome: 'connected' })
  })
})

describe('reauth', () => {
  withHousehold()

  it('repairs the login that needs it, and leaves one that works alone', async () => {
    await connect()
    const [item] = house.simulator.controls.items()
    expect(await run(['reauth'], house.env)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('nothing to repair'),
    })

    house.simulator.controls.resetLogin(item?.itemId ?? '')
    await run(['list', '--refresh'], house.env)
    house.simulator.controls.repairItem(item?.itemId ?? '')
    const mended = await run(['reauth'], house.env)
    expect(mended).toMatchObject({ code: 0, stdout: expect.stringMatching(/--item-id \S+ --force/) })
    expect(mended.stdout).not.toContain('start_reauth')

    house.simulator.controls.resetLogin(item?.itemId ?? '')
    const broken = await run(['sync', '--max-age', '0'], house.env)
    expect(broken.stdout).toMatch(/coffer-mcp reauth --item-id/)
    expect(await run(['doctor'], house.env)).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('✗ First Platypus Bank'),
    })
    const running = start(['reauth', '--no-browser'], house.env)
    await finishLink(await linkOf(running), 'success', person)
    const ended = await running.ended
    expect(ended.code).toBe(0)
    expect(ended.stdout).toContain('First Platypus Bank works again; Plaid has confirmed it.')
    expect(house.simulator.controls.items()).toHaveLength(1)
    expect((await runJson(['list'], house.env)).json).toMatchObject({ connections: [{ status: 'active' }] })
  })

  it('adds kinds of data that the person agrees to', async () => {
    const running = start(
      ['reauth', '--add-products', 'transactions, investments', '--add-accounts'],
      house.env,
    )
    await finishLink(await linkOf(running), 'success', person)
    expect(await running.ended).toMatchObject({ code: 0 })
    expect(await run(['reauth', '--add-products', 'auth'], house.env)).toMatchObject({ code: 2 })
  })
})

/** With --json stdout is JSON alone, so the link stands on stderr as long as it is waited for. */
async function linkOfJson(running: Running): Promise<string> {
  await expect.poll(running.stderr, { timeout: 15_000 }).toMatch(/http:\/\/127\.0\.0\.1:\d+\/link\/\w+/)
  return /http:\/\/\S+/.exec(running.stderr())?.[0] ?? ''
}
