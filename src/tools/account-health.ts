import { z } from 'zod'
import { ageOf } from '../age.ts'
import { isReplaced } from '../connections/index.ts'
import type { Account, Connection, Reconciliation, SyncRun } from '../model.ts'
import { formatMoney } from '../money.ts'
import { awaitsReconciliation, type Findings, healthOf } from '../snapshot/index.ts'
import type { Core, ToolContext } from './context.ts'
import { defineTool } from './define.ts'
import { mustKnowAccount } from './known-account.ts'
import { nextStepText } from './next-step.ts'
import { pageOf } from './paging.ts'
import { cursor, limit } from './shapes.ts'

const day = 86_400_000
const rememberedRuns = 5

const part = z.number()

export const accountHealth = defineTool({
  name: 'account_health',
  title: 'Account health',
  description:
    'How far the figures of each account can be trusted, as a score from 0 to 100, the worst first: connection (weight 40: does its login work), freshness (25: 100 up to a day old, 0 from a week on), sync (20: how many of the last five runs went well), reconciliation (15: did it add up; 50 while it was never checked). recommendations say what to do, one line each. Reads only what is stored.',
  effect: 'read',
  input: z.strictObject({
    account_id: z.string().max(64).optional(),
    limit: limit(25),
    cursor,
  }),
  output: z.object({
    accounts: z.array(
      z.object({
        account_id: z.string(),
        account: z.string(),
        institution: z.string(),
        score: z.number(),
        parts: z.object({ connection: part, freshness: part, sync: part, reconciliation: part }),
        recommendations: z.array(z.string()),
      }),
    ),
    total: z.number(),
    next_cursor: z.string().optional(),
  }),
  async handle(args, context) {
    await mustKnowAccount(args.account_id, context)
    const cases = (await casesOf(context)).filter(
      ({ account }) => account.accountId === (args.account_id ?? account.accountId),
    )
    const views = cases.map((one) => viewOf(one, context)).toSorted((a, b) => a.score - b.score)
    const page = pageOf(views, args.limit, args.cursor, (view) => view)
    return {
      accounts: page.rows,
      total: views.length,
      ...(page.next === undefined ? {} : { next_cursor: page.next }),
    }
  },
})

interface Case {
  readonly account: Account
  readonly connection: Connection
  readonly runs: readonly SyncRun[]
  readonly reconciliation: Reconciliation | null
}

/** Of every account that counts, what is known of it. */
async function casesOf({ store, environment }: ToolContext): Promise<readonly Case[]> {
  const connections = (await store.connections.list()).filter(
    (row) => row.environment === environment && !isReplaced(row),
  )
  const found = connections.map(async (connection) => {
    const runs = await store.syncRuns.lastOf(connection.itemId, rememberedRuns)
    const accounts = await store.accounts.list(connection.itemId)
    return await Promise.all(
      accounts.map(async (account) => {
        const reconciliation = await store.reconciliations.lastOf(account.accountId)
        return { account, connection, runs, reconciliation }
      }),
    )
  })
  return (await Promise.all(found)).flat()
}

function viewOf(one: Case, { readOnly, now }: Pick<Core, 'readOnly' | 'now'>) {
  const { account, connection } = one
  const findings = findingsOf(one, now())
  const { score, parts } = healthOf(findings)
  return {
    account_id: account.accountId,
    account: account.name,
    institution: connection.institution,
    score,
    parts,
    recommendations: [
      nextStepText(connection, readOnly),
      freshnessAdvice(findings),
      syncAdvice(one),
      reconciliationAdvice(one, findings),
    ].filter((line) => line !== undefined),
  }
}

function findingsOf({ account, connection, runs, reconciliation }: Case, now: number): Findings {
  return {
    status: connection.status,
    accountType: account.type,
    ageMs: ageOf(account.dataAsOf ?? connection.dataAsOf, now),
    runs: runs.map(({ code }) => code === null),
    reconciliation:
      reconciliation === null
        ? null
        : {
            discrepancy: reconciliation.actual - reconciliation.expected,
            ageMs: ageOf(reconciliation.madeAt, now),
          },
  }
}

/** A login that does not work is repaired first: until then nothing fresher can be had. */
function freshnessAdvice({ status, ageMs }: Findings): string | undefined {
  if ((status !== 'active' && status !== 'expiring') || ageMs <= day) return undefined
  const age = Number.isFinite(ageMs) ? `are ${Math.floor(ageMs / day)} days old` : 'are not there yet'
  return `Its data ${age}: call sync_snapshot with max_age_minutes 0.`
}

function syncAdvice({ connection, runs }: Case): string | undefined {
  const code = runs[0]?.code ?? null
  if (code === null || connection.status === 'needs_reauth') return undefined
  return `Its last sync failed (${code}): it is tried again by itself; sync_schedule shows when.`
}

function reconciliationAdvice({ account, reconciliation }: Case, findings: Findings): string | undefined {
  const call = `call reconcile_account with account_id=${account.accountId}`
  if (awaitsReconciliation(findings))
    return `${reconciliation === null ? 'It was never reconciled' : 'It was last reconciled over a month ago'}: ${call}.`
  const off = findings.reconciliation?.discrepancy ?? 0
  return off === 0 ? undefined : `It does not add up by ${formatMoney(off, account.currency)}: ${call}.`
}
