import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { finishLink } from '../../src/simulator/click.ts'
import { connectBank, household, type Household } from '../support/coffer.ts'
import { run, runJson, start } from './process.ts'
import { atTerminal, keys, noTerminal, type Terminal } from './terminal.ts'

const login = { username: 'user_good', password: 'pass_good' }

let house: Household
let first: string
let second: string

/**
 * Two banks for the tests of one describe, connected by a copy that has ended since. Each test leaves both working,
 * but for the last one. One household for all would have more asked of Plaid in a minute than it answers.
 */
function withTwoBanks(): void {
  beforeAll(async () => {
    house = await household()
    const copy = await house.start()
    first = (await connectBank(copy)).item_id
    second = (await connectBank(copy, { institutionId: 'ins_109511' })).item_id
    await copy.call('sync_snapshot')
    await copy.close()
  })
  afterAll(() => house[Symbol.asyncDispose]())
}

const linkPattern = /http:\/\/127\.0\.0\.1:\d+\/link\/\w+/

/** How many Link pages were made, the two by which the banks were connected among them. */
function tokensMade(): number {
  return house.simulator.controls.calls().filter(({ path }) => path === '/link/token/create').length
}

async function linkOn(screen: () => string): Promise<string> {
  await expect.poll(screen, { timeout: 15_000 }).toMatch(linkPattern)
  return linkPattern.exec(screen())?.[0] ?? ''
}

describe('reauth', () => {
  withTwoBanks()

  it('of no login in particular says that all work, and how one is named', async () => {
    const { code, stdout } = await run(['reauth'], house.env)
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /^All 2 logins work; Plaid has just confirmed it\. .*\n.*coffer-mcp reauth --item-id <item_id> --force/,
    )
    const asJson = await runJson(['reauth'], house.env)
    expect(asJson).toMatchObject({ code: 0, json: { already_active: true } })
    expect(tokensMade()).toBe(2)
  })

  it('has to be told which where more is asked for, where one does not answer, and where several are broken', async () => {
    const unclear = { code: 1, stdout: '', stderr: expect.stringContaining('ITEM_ID_NEEDED') }
    expect(await run(['reauth', '--force'], house.env)).toMatchObject(unclear)
    const { controls } = house.simulator
    controls.breakItem(second, 'INSTITUTION_DOWN')
    expect(await run(['reauth'], house.env)).toMatchObject({
      ...unclear,
      stderr: expect.stringContaining('No connection needs a new login'),
    })
    controls.resetLogin(first)
    controls.resetLogin(second)
    expect(await run(['reauth'], house.env)).toMatchObject({
      ...unclear,
      stderr: expect.stringContaining('2 connections need a new login'),
    })
    controls.repairItem(first)
    controls.repairItem(second)
    await run(['list', '--refresh'], house.env)
  })

  it('says what a repair has changed', async () => {
    house.simulator.controls.resetLogin(second)
    house.simulator.controls.addAccount(second, {
      name: 'Holiday Savings',
      type: 'depository',
      subtype: 'savings',
      balance: 12,
    })
    const args = ['reauth', '--item-id', second, '--add-accounts', '--add-products', 'investments']
    const running = start(args, house.env)
    await finishLink(await linkOn(running.stdout), 'success', login)
    const { code, stdout } = await running.ended
    expect(code).toBe(0)
    expect(stdout).toMatch(/works again; Plaid has confirmed it\.\n {2}Status: needs_reauth → active\n/)
    expect(stdout).toMatch(/ {2}Accounts added: Holiday Savings/)
    expect(stdout).toMatch(/ {2}Products added: investments/)
  })

  it('finds the one that is broken, though nobody knew, and gives the changes as JSON too', async () => {
    house.simulator.controls.resetLogin(second)
    const running = start(['reauth', '--json'], house.env)
    await finishLink(await linkOn(running.stderr), 'success', login)
    const { code, stdout } = await running.ended
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: 'repaired',
      changes: { status: { before: 'needs_reauth', after: 'active' } },
    })
  })

  it('run again after the page was left goes on waiting at the same link', async () => {
    house.simulator.controls.resetLogin(first)
    const stopped = start(['reauth', '--item-id', first], house.env)
    const url = await linkOn(stopped.stdout)
    await finishLink(url, 'cancel', login)
    await expect.poll(stopped.stdout, { timeout: 15_000 }).toContain('The page was left before the end')
    stopped.child.kill('SIGINT')
    const { code, stdout } = await stopped.ended
    expect(code).toBe(77)
    expect(stdout).toMatch(/The link still works until \d.*finishes it in the background/)
    expect(stdout).toContain(`coffer-mcp reauth --item-id ${first} once more`)

    const again = start(['reauth', '--item-id', first], house.env)
    expect(await linkOn(again.stdout)).toBe(url)
    await finishLink(url, 'success', login)
    expect(await again.ended).toMatchObject({ code: 0, stdout: expect.not.stringContaining('was left') })
  })

  it('waits for no login while the bank is down', async () => {
    house.simulator.controls.breakItem(second, 'INSTITUTION_DOWN')
    const { code, stdout } = await run(['reauth', '--item-id', second], house.env)
    expect(code).toBe(1)
    expect(stdout).toMatch(/INSTITUTION_DOWN.*Wait.*coffer-mcp reauth --item-id \S+ --force/)
    expect(stdout).not.toContain('start_reauth')
    house.simulator.controls.repairItem(second)
  })

  it('under --demo names commands of the demo', async () => {
    const { code, stdout, stderr } = await run(['list', '--demo'], house.env)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const itemId = /[\w-]{37}/.exec(stdout)?.[0] ?? ''
    const running = start(['reauth', '--demo', '--force', '--item-id', itemId], house.env)
    await linkOn(running.stdout)
    running.child.kill('SIGINT')
    expect((await running.ended).stdout).toContain(`coffer-mcp reauth --demo --item-id ${itemId}`)
  })
})

describe('reauth where Plaid refuses us', () => {
  withTwoBanks()

  it('hands out a link that is open already only where Plaid answers', async () => {
    house.simulator.controls.resetLogin(first)
    const left = start(['reauth', '--item-id', first, '--no-browser'], house.env)
    await linkOn(left.stdout)
    left.child.kill('SIGKILL')
    const wrongKeys = { ...house.env, PLAID_SECRET: 'not-the-secret-0000' }
    const ended = await run(['reauth', '--item-id', first, '--no-browser'], wrongKeys)
    expect(ended).toMatchObject({ code: 77, stderr: expect.stringContaining('PLAID_KEYS_REJECTED') })
    house.simulator.controls.repairItem(first)
  })

  it('waits no longer once Plaid says nothing of the link', async () => {
    house.simulator.controls.resetLogin(first)
    const waiting = start(['reauth', '--item-id', first, '--no-browser'], house.env)
    await linkOn(waiting.stdout)
    const refusal = { kind: 'error', code: 'INVALID_API_KEYS' } as const
    house.simulator.controls.failNext('/link/token/get', refusal, { times: 100 })
    expect(await waiting.ended).toMatchObject({
      code: 77,
      stderr: expect.stringContaining('PLAID_KEYS_REJECTED'),
    })
  })
})

describe.skipIf(noTerminal !== null)(`at a terminal (${noTerminal ?? 'here'})`, () => {
  withTwoBanks()

  async function picker(): Promise<Terminal> {
    const terminal = atTerminal(['reauth'], house.env)
    await expect.poll(terminal.screen, { timeout: 15_000 }).toContain('Which login is to be repaired?')
    return terminal
  }

  it('the broken one stands first, is preselected, and Enter repairs it', async () => {
    house.simulator.controls.resetLogin(second)
    await run(['list', '--refresh'], house.env)
    const terminal = await picker()
    expect(terminal.screen()).toMatch(
      /● Tartan Bank: needs a new login \(ITEM_LOGIN_REQUIRED\)[^]*○ First Platypus Bank: works/,
    )
    terminal.type(keys.enter)
    const url = await linkOn(terminal.screen)
    await expect
      .poll(terminal.screen, { timeout: 15_000 })
      .toContain('Waiting for you to finish in the browser')
    await finishLink(url, 'success', login)
    expect(await terminal.ended).toBe(0)
    expect(terminal.screen()).toContain('Tartan Bank works again')
  })

  it('Ctrl-C at the prompt changes nothing', async () => {
    const before = tokensMade()
    const terminal = await picker()
    terminal.type(keys.interrupt)
    expect(await terminal.ended).toBe(77)
    expect(terminal.screen()).toContain('Nothing was changed.')
    expect(tokensMade()).toBe(before)
  })

  it('another one can be picked; Ctrl-C while waiting leaves in order', async () => {
    house.simulator.controls.setConsentExpiry(first, 5)
    await run(['list', '--refresh'], house.env)
    house.simulator.controls.resetLogin(first)
    const terminal = await picker()
    expect(terminal.screen()).toMatch(
      /First Platypus Bank: works until \d{4}-\d\d-\d\d, then needs a new login/,
    )
    terminal.type(keys.down)
    await expect.poll(terminal.screen, { timeout: 15_000 }).toContain('● Tartan Bank: works')
    terminal.type(keys.enter)
    await terminal.ended
    expect(terminal.screen()).toContain('There is nothing to repair')

    const waiting = await picker()
    waiting.type(keys.enter)
    await linkOn(waiting.screen)
    await expect.poll(waiting.screen, { timeout: 15_000 }).toContain('Waiting for you')
    waiting.type(keys.interrupt)
    expect(await waiting.ended).toBe(77)
    expect(waiting.screen()).toContain('The link still works until')
  })
})
