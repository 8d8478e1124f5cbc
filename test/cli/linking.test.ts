import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { finishLink } from '../../src/simulator/click.ts'
import { household, type Household } from '../support/coffer.ts'
import { run, runJson, type Running, start } from './process.ts'

const person = { institutionId: 'ins_109508', username: 'user_good', password: 'pass_good' }

let house: Household
beforeEach(async () => {
  house = await household()
})
afterEach(() => house[Symbol.asyncDispose]())

/** The link that a command has printed and waits at. */
async function linkOf(running: Running): Promise<string> {
  await expect.poll(running.stdout, { timeout: 15_000 }).toMatch(/http:\/\/127\.0\.0\.1:\d+\/link\/\w+/)
  return /http:\/\/\S+/.exec(running.stdout())?.[0] ?? ''
}

async function connect(...args: string[]) {
  const running = start(['connect', ...args], house.env)
  await finishLink(await linkOf(running), 'success', person)
  return await running.ended
}

describe('connect', () => {
  it('prints the link, waits for the person, and says how it went', async () => {
    const { code, stdout, stderr } = await connect('--label', 'Ours')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(
      /^Log in at your bank here:\n\n {2}http.*\n\n.*First Platypus Bank is connected\.\n$/s,
    )
    const { json } = await runJson(['list'], house.env)
    expect(json).toMatchObject({ total: 1, connections: [{ label: 'Ours', status: 'active' }] })
    expect(await runJson(['sync'], house.env)).toMatchObject({ code: 0, json: { complete: true } })
  })

  it('recognises the same login; --keep connects it all the same', async () => {
    await connect()
    const again = await connect()
    expect(again.code).toBe(1)
    expect(again.stdout).toContain('is connected already with this login')
    expect(await connect('--keep')).toMatchObject({ code: 0 })
    expect((await runJson(['list'], house.env)).json).toMatchObject({ total: 2 })
  })

  it('goes on waiting when the page was left, and ends with 77 by Ctrl-C; the link lives on', async () => {
    const running = start(['connect'], house.env)
    const url = await linkOf(running)
    await finishLink(url, 'cancel', person)
    await expect.poll(running.stdout, { timeout: 15_000 }).toContain('The page was left')
    running.child.kill('SIGINT')
    const { code, stdout } = await running.ended
    expect(code).toBe(77)
    const finish = /coffer-mcp call check_connection '(.*)'/.exec(stdout)?.[1] ?? ''
    expect((await runJson(['list'], house.env)).json).toMatchObject({ total: 0 })
    await finishLink(url, 'success', person)
    expect(await runJson(['call', 'check_connection', finish], house.env)).toMatchObject({
      code: 0,
      json: { outcome: 'connected' },
    })
  })
})

describe('reauth', () => {
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
    await connect()
    const running = start(
      ['reauth', '--add-products', 'transactions, investments', '--add-accounts'],
      house.env,
    )
    await finishLink(await linkOf(running), 'success', person)
    expect(await running.ended).toMatchObject({ code: 0 })
    expect(await run(['reauth', '--add-products', 'auth'], house.env)).toMatchObject({ code: 2 })
  })
})

describe('--json', () => {
  it('prints the link, where the person can see it, and the end as JSON', async () => {
    const running = start(['connect', '--json'], house.env)
    const url = await linkOfJson(running)
    await finishLink(url, 'success', person)
    const { code, stdout } = await running.ended
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ url, outcome: 'connected' })
  })
})

/** With --json stdout is JSON alone, so the link stands on stderr as long as it is waited for. */
async function linkOfJson(running: Running): Promise<string> {
  await expect.poll(running.stderr, { timeout: 15_000 }).toMatch(/http:\/\/127\.0\.0\.1:\d+\/link\/\w+/)
  return /http:\/\/\S+/.exec(running.stderr())?.[0] ?? ''
}
