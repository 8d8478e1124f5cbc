import type { Account, InvestmentTransaction, Transaction } from '../../src/model.ts'
import { addMonths, dayIn, lengthOf, monthsBetween } from '../../src/simulator/calendar.ts'
import type { Household } from '../../src/simulator/household-entry.ts'
import { type Label, labelsOf } from '../../src/simulator/household-labels.ts'
import { householdTruth, type MonthTruth } from '../../src/simulator/household-truth.ts'
import { type FlowRow, judge, rowOf, rowOfInvestment, type Totals } from '../../src/snapshot/index.ts'
import { openRooms, type Rooms } from '../support/rooms.ts'

/** The twelve months that are measured, and a day soon after, when every row of them is posted. */
const noon = Date.parse('2026-11-21T12:00:00Z')
const lastMonth = '2026-10'
const months = monthsBetween(addMonths(lastMonth, -11), lastMonth)

export interface Subject {
  readonly household: Household
  readonly username: string
  readonly password: string
}

/** A row that Plaid gave, what it is, and which row the program took for its other side. */
export interface Row {
  readonly id: string
  readonly flow: FlowRow
  /** None for bookings of a broker that are not the other side of anything. */
  readonly label: Label | undefined
  readonly partnerId: string | null
}

/** The program's figures of one month in one currency, and what they should be. */
export interface Figures {
  readonly ours: Totals
  readonly truth: MonthTruth
}

/** What the program made of a household that its maker knows, through its own sync over HTTP. */
export interface Measured {
  /** Those of the twelve months, on all accounts. */
  readonly rows: readonly Row[]
  readonly figures: readonly Figures[]
  readonly accounts: readonly Account[]
  /** Requests for transactions; a page has 500 rows. */
  readonly pages: number
}

export async function measure(subject: Subject): Promise<Measured> {
  await using rooms = await openRooms({ seed: 'golden' }, { PLAID_COUNTRY_CODES: 'US,CA' })
  rooms.advance(noon - rooms.now())
  const items = await connect(rooms, subject)
  await rooms.app.sync.read({ days: 400, maxAgeMinutes: 0 })
  const pages = rooms.calls('/transactions/get')
  const accounts = await rooms.app.store.accounts.list()
  const figures = await figuresOf(rooms, subject.household)
  const labels = labelsOf(subject.household, items, addMonths(lastMonth, 1))
  return { rows: await rowsOf(rooms, accounts, labels), figures, accounts, pages }
}

/** Every bank of the household; the item_id of each. */
async function connect(
  rooms: Rooms,
  { household, username, password }: Subject,
): Promise<Map<string, string>> {
  const items = new Map<string, string>()
  const banks = Map.groupBy(household.accounts, ({ institutionId }) => institutionId)
  for (const [institutionId, accounts] of banks) {
    const kind = accounts.every(({ type }) => type === 'investment') ? 'brokerage' : 'bank'
    items.set(institutionId, await rooms.connect(institutionId, { kind, username, password }))
  }
  return items
}

async function figuresOf(rooms: Rooms, household: Household): Promise<Figures[]> {
  const [first = lastMonth] = months
  const span = { from: dayIn(first, 1), to: dayIn(lastMonth, 31) }
  const currencies = new Set(household.accounts.map(({ currency = 'USD' }) => currency))
  const truth = [...currencies].flatMap((currency) => householdTruth(household, { ...span, currency }))
  return await Promise.all(truth.map(async (each) => ({ ours: await totalsOf(rooms, each), truth: each })))
}

async function totalsOf({ app }: Rooms, { month, currency }: MonthTruth): Promise<Totals> {
  const window = { from: dayIn(month, 1), to: dayIn(month, 31), days: lengthOf(month), time_zone: 'UTC' }
  const { totals } = await app.sync.snapshot(window)
  const found = totals.find((each) => each.currency === currency)
  if (found === undefined) throw new Error(`no totals in ${currency}`)
  return found
}

/** Judged with some days around, as in a snapshot. */
async function rowsOf(
  { app }: Rooms,
  accounts: readonly Account[],
  labels: ReadonlyMap<string, Label>,
): Promise<Row[]> {
  const ids = new Map<FlowRow, string>()
  const note = <R extends Transaction | InvestmentTransaction>(
    rows: readonly R[],
    toFlow: (row: R, account: Account) => FlowRow | null,
  ) => {
    for (const row of rows) {
      const account = accounts.find(({ accountId }) => accountId === row.accountId)
      const flow = account === undefined ? null : toFlow(row, account)
      if (flow !== null) ids.set(flow, row.transactionId)
    }
  }
  const [first = lastMonth] = months
  const around = [dayIn(addMonths(first, -1), 20), dayIn(addMonths(lastMonth, 1), 10)] as const
  const signal = AbortSignal.timeout(60_000)
  for (const { itemId, products } of await app.store.connections.list()) {
    if (products.includes('transactions'))
      note(await app.plaid.transactions(itemId, ...around, signal), rowOf)
    if (products.includes('investments'))
      note(await app.plaid.investmentTransactions(itemId, ...around, signal), rowOfInvestment)
  }
  const verdicts = [...judge([...ids.keys()])]
  return verdicts.flatMap(([flow, { partner }]) => {
    // What is already decided, such as a dividend at a broker, is no row of the flow.
    if (!months.includes(flow.date.slice(0, 7)) || flow.kind !== null) return []
    const id = ids.get(flow) ?? ''
    return [
      { id, flow, label: labels.get(id), partnerId: partner === null ? null : (ids.get(partner) ?? null) },
    ]
  })
}
