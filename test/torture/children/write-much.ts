/** A copy that writes `argv[3]` times into the store of `argv[2]`, in every way there is, when it is told to go on. */
import { openStore, type Store } from '../../../src/store/index.ts'
import { isCofferError } from '../../../src/errors.ts'
import {
  account,
  balanceDay,
  connection,
  flowDay,
  flowMove,
  holding,
  link,
  totalsDay,
  transaction,
} from '../../store/rows.ts'

/** Of one process. */
export interface Report {
  readonly tookMs: readonly number[]
  /** Codes of the writes that were refused. */
  readonly refused: readonly string[]
  /** How often it counted up what all count up. */
  readonly counted: number
}

const [, , home = '', times = '0', name = ''] = process.argv
const at = '2026-11-02T10:00:00.000Z'
const span = { from: '2026-11-01', to: '2026-11-30' }
const own = `item-${name}`

type Write = (store: Store, number: number) => Promise<unknown>

/** Of one connection that all share, and of one for each process. */
const countUp: Write = ({ connections }) =>
  connections.change('item-1', (row) => ({ ...row, label: String(Number(row.label) + 1) }))
const writes: readonly Write[] = [
  countUp,
  ({ accounts }, n) =>
    accounts.replace(own, [account({ itemId: own, accountId: `acc-${name}`, current: n })]),
  ({ holdings }) => holdings.replace(own, [holding({ itemId: own })]),
  ({ flow }, n) => flow.replace(own, span, [flowDay({ itemId: own, sum: -n })], [flowMove({ itemId: own })]),
  ({ balanceDays }, n) =>
    balanceDays.note('item-1', [{ ...balanceDay({ current: n }), accountId: `acc-${name}` }]),
  ({ inbox }, n) =>
    inbox.add([
      {
        digest: `${name} ${n}`,
        itemId: 'item-1',
        event: { type: 'new_accounts' },
        sentAt: at,
        receivedAt: at,
      },
    ]),
  ({ calls }) => calls.take([{ key: 'item-1 /item/get', perMinute: 1_000_000 }], Date.now()),
  ({ links }, n) => links.insert(link({ linkId: `link-${name}-${n}` })),
  ({ rules }, n) =>
    rules.put({
      ruleId: `rule-${name}-${n % 3}`,
      match: `shop ${name} ${n % 3}`,
      kind: 'expense',
      category: null,
      createdAt: at,
    }),
  ({ history }, n) => history.add([totalsDay({ takenAt: `${at} ${name} ${n}` })], '2000-01-01'),
  async ({ ledger }, n) => {
    const since = (await ledger.cursors()).get(own)?.cursor ?? null
    const upserts = [transaction({ transactionId: `t-${n}`, accountId: `acc-${name}` })]
    await ledger.apply(own, {
      upserts,
      removed: [`t-${n - 40}`],
      since,
      cursor: `after ${n}`,
      from: span.from,
      isWhole: since === null,
    })
  },
  async ({ leases }, n) => {
    const lease = await leases.take('item-1', name, n, n)
    if (lease !== null) await leases.release(lease, { startedAt: at, endedAt: at, code: null, cause: 'tool' })
  },
  ({ approvals }, n) =>
    approvals.add({ approvalId: `${name} ${n}`, action: { removals: [], question: '' }, expiresAt: at }, at),
]

async function work(store: Store): Promise<Report> {
  const tookMs: number[] = []
  const refused: string[] = []
  let counted = 0
  for (let number = 0; number < Number(times); number += 1) {
    const write = writes[number % writes.length] ?? countUp
    const start = performance.now()
    try {
      await write(store, number)
      if (write === countUp) counted += 1
    } catch (error) {
      refused.push(isCofferError(error) ? error.code : String(error))
    }
    tookMs.push(performance.now() - start)
  }
  return { tookMs, refused, counted }
}

const store = await openStore({ home })
await store.connections.insert(connection({ itemId: own }), 'sealed')
process.once('message', () => {
  void work(store).then(async (report) => {
    await store.close()
    process.send?.(report)
    process.disconnect()
  })
})
process.send?.('ready')
