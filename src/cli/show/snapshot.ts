import type { z } from 'zod'
import type { syncSnapshot } from '../../tools/sync-snapshot.ts'
import { mark } from './connections.ts'
import { age, money } from '../../view/words.ts'
import { table } from './table.ts'

type Snapshot = z.output<typeof syncSnapshot.output>
type Totals = Snapshot['totals'][number]

export function showSnapshot(snapshot: Snapshot, now: number): string {
  const { totals, connections, window, complete, warnings, changes } = snapshot
  const figures = totals.map(
    (row) => `${row.currency}, ${window.from} to ${window.to} (${window.days} days)\n${figuresOf(row)}`,
  )
  const banks = table(
    [[''], ['bank'], ['status'], ['data'], ['fetched']],
    connections.map((row) => [
      mark(row.status),
      row.institution,
      row.status,
      row.source,
      age(row.last_synced_at, now),
    ]),
  )
  const steps = connections.flatMap(({ next_step }) =>
    next_step === undefined ? [] : [`→ ${next_step.text}`],
  )
  const verdict = complete ? 'Complete: every bank is fresh.' : 'Not complete: see the banks marked above.'
  const notes = [...changes, ...warnings].map(({ text }) => `! ${text}`)
  const tail = connections.length === 0 ? [] : [banks, ...steps, verdict]
  return [...figures, ...tail, ...notes].join('\n\n')
}

function figuresOf(row: Totals): string {
  const show = (amount: number | undefined) => money(amount, row.currency)
  const runway = row.runway_months === undefined ? [] : [['runway', `${row.runway_months} months`]]
  const flow =
    row.income === undefined
      ? [['cash flow', 'not known yet']]
      : [
          ['income', show(row.income)],
          ['expenses', show(row.expenses)],
          ['net cash flow', show(row.net_cash_flow)],
          ['a month at this rate', show(row.monthly_burn)],
          ...runway,
          ['own transfers left out', show(row.transfers_excluded)],
          ['card payments left out', show(row.card_payments_excluded)],
          ['pending', show(row.pending_net)],
        ]
  const balances = [
    ['in the bank', show(row.bank_balance)],
    ['owed on cards', show(row.credit_owed)],
    ['owed on loans', show(row.loans_owed)],
    ['invested', show(row.investments)],
    ['net worth', show(row.net_worth)],
  ]
  return table([['figure'], ['amount', 'right']], [...balances, ...flow])
}
