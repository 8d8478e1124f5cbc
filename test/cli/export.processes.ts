import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectMadeUp } from '../server/made-up-bank.ts'
import { type Household, household, type Results } from '../support/coffer.ts'
import { freshEnv, run } from './process.ts'

let house: Household
let snapshot: Results['sync_snapshot']
let ids: { readonly well: string; readonly broken: string }
const far = ['--from', '2026-01-01']
/** Days of which even a new connection is known to have everything. */
const recent = ['--from', new Date(Date.now() - 20 * 86_400_000).toISOString().slice(0, 10)]

beforeAll(async () => {
  house = await household()
  const copy = await house.start()
  const card = { type: 'credit', subtype: 'credit card', rows: [[2, 'PAYMENT - THANK YOU', -200]] } as const
  const checking = {
    type: 'depository',
    subtype: 'checking',
    balance: 900,
    rows: [
      [9, '=cmd|calc, "quoted"', 12.5],
      [2, 'CREDIT CARD PAYMENT', 200],
      [1, 'ACME PAYROLL', -3_000],
    ],
  } as const
  const well = await connectMadeUp(copy, [checking, card])
  const broken = await connectMadeUp(copy, [{ ...checking, rows: [[3, 'Bookshop', 20]] }], 'ins_109511')
  snapshot = await copy.call('sync_snapshot')
  ids = { well, broken }
  await copy.close()
})
afterAll(() => house[Symbol.asyncDispose]())

function exported(args: readonly string[]) {
  return run(['export', ...args], house.env)
}

/** Lines of fields, of a file without line breaks in a field. */
function parsed(csv: string): Record<string, string>[] {
  const [head = [], ...rows] = csv
    .trimEnd()
    .split('\n')
    .map((line) => [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, field = '']) => bare(field)))
  return rows.map((row) => Object.fromEntries(head.map((name, at) => [name, row[at] ?? ''])))
}

function bare(field: string): string {
  return field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field
}

describe('export transactions', () => {
  it('prints CSV alone, each with its kind, category, account and bank, and no formula', async () => {
    const { code, stdout, stderr } = await exported(['transactions', ...recent])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const rows = parsed(stdout)
    const told = rows.map(({ amount, kind, name }) => [amount, kind, name].join(' '))
    expect(told.toSorted()).toEqual([
      `-12.50 expense '=cmd|calc, "quoted"`,
      '-20.00 expense Bookshop',
      '-200.00 card_payment CREDIT CARD PAYMENT',
      '200.00 card_payment PAYMENT - THANK YOU',
      '3000.00 income ACME PAYROLL',
    ])
    const dates = rows.map(({ date = '' }) => date)
    expect(dates.toSorted()).toEqual(dates)
    expect(rows.find(({ name }) => name === 'Bookshop')).toMatchObject({
      currency: 'USD',
      pending: 'false',
      institution: 'Tartan Bank',
      item_id: ids.broken,
    })
    expect(rows.every(({ account_mask }) => /^\d{4}$/.test(account_mask ?? ''))).toBe(true)
    expect(new Set(rows.map(({ transaction_id }) => transaction_id)).size).toBe(5)
  })

  it('as JSON has the same, as it is', async () => {
    const { code, stdout, stderr } = await exported(['transactions', '--json', ...recent])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const content = JSON.parse(stdout)
    expect(content).toMatchObject({ missing: [] })
    expect(content.transactions[0]).toMatchObject({
      name: '=cmd|calc, "quoted"',
      amount: '-12.50',
      pending: false,
    })
    expect(content.transactions).toHaveLength(5)
    expect((await exported(['transactions', '--format', 'json', ...recent])).stdout.slice(60)).toBe(
      stdout.slice(60),
    )
  })

  it('keeps to the days that are asked for, both ends included', async () => {
    const dates = parsed((await exported(['transactions'])).stdout).map(({ date = '' }) => date)
    const [first = '', second = ''] = dates
    const within = parsed((await exported(['transactions', '--from', first, '--to', second])).stdout)
    expect(within.map(({ date }) => date)).toEqual(dates.filter((date) => date <= second))
    const none = await exported(['transactions', '--from', '2099-01-01'])
    expect(none).toMatchObject({ code: 0, stdout: expect.stringMatching(/^date,amount,[^\n]*\n$/) })
    const turned = await exported(['transactions', '--from', second, '--to', '2020-01-01'])
    expect(turned).toMatchObject({ code: 2, stdout: '' })
    expect(turned.stderr).toMatch(/^INVALID_ARGUMENTS: from .* is after to/)
  })

  it('without keys ends with 78 and what to set', async () => {
    const ended = await run(['export', 'transactions'], freshEnv())
    expect(ended).toMatchObject({ code: 78, stdout: '' })
    expect(ended.stderr).toContain('PLAID_CLIENT_ID')
  })
})

describe('export balances and snapshots', () => {
  it('has each account by day, cards as what is owed, and asks no bank', async () => {
    const calls = house.simulator.controls.calls().length
    const { code, stdout, stderr } = await exported(['balances', ...far])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const rows = parsed(stdout)
    expect(rows.map(({ type, institution }) => `${institution} ${type}`).toSorted()).toEqual([
      'First Platypus Bank credit',
      'First Platypus Bank depository',
      'Tartan Bank depository',
    ])
    const cash = rows.filter(({ type }) => type === 'depository')
    const sum = cash.reduce((all, { balance }) => all + Math.round(Number(balance) * 100), 0)
    expect(sum).toBe(Math.round((snapshot.totals[0]?.bank_balance ?? 0) * 100))
    expect(parsed((await exported(['balances', '--to', '2020-01-01'])).stdout)).toEqual([])
    expect(house.simulator.controls.calls()).toHaveLength(calls)
  })

  it('has the figures that the snapshot had', async () => {
    const { code, stdout, stderr } = await exported(['snapshots'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const [totals] = snapshot.totals
    const [row, ...more] = parsed(stdout)
    expect(more).toEqual([])
    expect(row).toMatchObject({ date: snapshot.window.to, currency: 'USD', complete: 'true' })
    expect(Number(row?.net_worth)).toBe(totals?.net_worth)
    expect(Number(row?.net_cash_flow)).toBe(totals?.net_cash_flow)
    expect(row?.runway_months).toBe(totals?.runway_months === undefined ? '' : String(totals.runway_months))
    const { stdout: json } = await exported(['snapshots', '--json', ...far])
    expect(JSON.parse(json).snapshots).toMatchObject([{ net_worth: row?.net_worth, complete: true }])
    expect(await run(['export', 'snapshots'], freshEnv())).toMatchObject({ code: 0, stderr: '' })
  })
})

describe('--out', () => {
  it('makes a file for this user alone, and writes over none without --yes', async () => {
    const path = join(house.home, 'snapshots.csv')
    const { stdout: printed } = await exported(['snapshots'])
    const first = await exported(['snapshots', '--out', path])
    expect(first).toMatchObject({ code: 0, stdout: '', stderr: `1 snapshots are in ${path}.\n` })
    expect(readFileSync(path, 'utf8')).toBe(printed)
    expect(statSync(path).mode & 0o777).toBe(0o600)

    writeFileSync(path, 'mine', { mode: 0o644 })
    const refused = await exported(['snapshots', '--out', path])
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    expect(refused.stderr).toMatch(/^INVALID_ARGUMENTS: .* is there already; nothing was written\.\n.*--yes/)
    expect(readFileSync(path, 'utf8')).toBe('mine')

    expect(await exported(['snapshots', '--out', path, '--yes'])).toMatchObject({ code: 0 })
    expect(readFileSync(path, 'utf8')).toBe(printed)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readdirSync(house.home).filter((name) => name.startsWith('snapshots.csv'))).toEqual([
      'snapshots.csv',
    ])
  })

  it('says where it cannot write, and leaves nothing behind', async () => {
    mkdirSync(join(house.home, 'folder'))
    for (const path of [join(house.home, 'nowhere', 'x.csv'), join(house.home, 'folder')]) {
      const ended = await exported(['snapshots', '--out', path, '--yes'])
      expect(ended).toMatchObject({ code: 2, stdout: '' })
      expect(ended.stderr).toMatch(/^INVALID_ARGUMENTS: .*nothing was written\./)
    }
    expect(existsSync(join(house.home, 'nowhere'))).toBe(false)
  })
})

describe('Plaid that cannot be reached', () => {
  it('leaves nothing to export: 69, with the head that is known and the reason for each bank', async () => {
    const env = { ...house.env, PLAID_BASE_URL: 'http://127.0.0.1:9' }
    const { code, stdout, stderr } = await run(['export', 'transactions'], env)
    expect({ code, stdout }).toEqual({ code: 69, stdout: expect.stringMatching(/^date,amount,[^\n]*\n$/) })
    expect(stderr.match(/^Not in it: transactions of .* \(PLAID_UNREACHABLE: /gm)).toHaveLength(2)
    const path = join(house.home, 'nothing.csv')
    const written = await run(['export', 'transactions', '--out', path], env)
    expect(written).toMatchObject({ code: 69, stdout: '' })
    expect(readFileSync(path, 'utf8')).toBe(stdout)
    expect(await run(['export', 'balances'], env)).toMatchObject({ code: 0, stderr: '' })
  })
})

// Last: from here on one of the two banks is broken.
describe('a bank that cannot be asked', () => {
  it('takes nothing from the others, and is named on stderr and in JSON, with the way to mend it', async () => {
    house.simulator.controls.resetLogin(ids.broken)
    const { code, stdout, stderr } = await exported(['transactions'])
    expect(code).toBe(0)
    expect(parsed(stdout).map(({ item_id }) => item_id)).toEqual(Array.from({ length: 4 }, () => ids.well))
    // A new connection is not known to have more.
    expect(stderr).toContain('First Platypus Bank: transactions are known from ')
    expect(stderr).toMatch(/^Not in it: transactions of Tartan Bank \(ITEM_LOGIN_REQUIRED: /)
    expect(stderr).toContain(`coffer-mcp reauth --item-id ${ids.broken}`)
    const { missing } = JSON.parse((await exported(['transactions', '--json'])).stdout)
    expect(missing).toEqual(stderr.trimEnd().split('\n'))
  })
})

it('no export has a token, a key or a full account number', async () => {
  const texts = await Promise.all(
    ['transactions', 'balances', 'snapshots'].map(async (what) => (await exported([what, '--json'])).stdout),
  )
  const { simulator } = house
  const secrets = [simulator.secret, ...simulator.controls.items().map(({ accessToken }) => accessToken)]
  for (const secret of secrets) expect(texts.join('\n')).not.toContain(secret)
  expect(texts.join('\n')).not.toMatch(/access-|"(account_)?number"/)
})
