import type { Migration } from 'kysely/migration'
import { firstTables } from './001-first-tables.ts'
import { flowFetches } from './002-flow-fetches.ts'
import { webhooks } from './003-webhooks.ts'
import { replaced } from './004-replaced.ts'
import { ledgerAndHistory } from './005-ledger-and-history.ts'
import { removal } from './006-removal.ts'
import { approvals } from './007-approvals.ts'
import { seenBills } from './008-seen-bills.ts'
import { tokenCounts } from './009-token-counts.ts'
import { audit } from './010-audit.ts'
import { hosts } from './011-hosts.ts'
import { liabilityAnswers } from './012-liability-answers.ts'

/** Run in this order, each once. What was released is never changed: the next step is a new one. */
export const migrations: Readonly<Record<string, Migration>> = {
  '001-first-tables': firstTables,
  '002-flow-fetches': flowFetches,
  '003-webhooks': webhooks,
  '004-replaced': replaced,
  '005-ledger-and-history': ledgerAndHistory,
  '006-removal': removal,
  '007-approvals': approvals,
  '008-seen-bills': seenBills,
  '009-token-counts': tokenCounts,
  '010-audit': audit,
  '011-hosts': hosts,
  '012-liability-answers': liabilityAnswers,
}

/** The schema's number: how many migrations there are. */
export const newestSchema = Object.keys(migrations).length
