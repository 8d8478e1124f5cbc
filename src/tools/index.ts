import { accountHealth } from './account-health.ts'
import { checkConnection } from './check-connection.ts'
import { cleanupTokens } from './cleanup-tokens.ts'
import { connectBank } from './connect-bank.ts'
import type { AnyTool } from './define.ts'
import { getCashFlow } from './get-cash-flow.ts'
import { getHistory } from './get-history.ts'
import { getPositions } from './get-positions.ts'
import { getUpcoming } from './get-upcoming.ts'
import { listConnections } from './list-connections.ts'
import { revokeConnection } from './revoke-connection.ts'
import { searchTransactions } from './search-transactions.ts'
import { setRule } from './set-rule.ts'
import { reconcileAccount } from './reconcile-account.ts'
import { startReauth } from './start-reauth.ts'
import { syncSchedule } from './sync-schedule.ts'
import { syncSnapshot } from './sync-snapshot.ts'
import { tokenAnalytics } from './token-analytics.ts'

/** Every tool, in the order of the documentation. */
export const tools: readonly AnyTool[] = [
  listConnections,
  connectBank,
  startReauth,
  checkConnection,
  revokeConnection,
  syncSnapshot,
  getPositions,
  searchTransactions,
  getCashFlow,
  getUpcoming,
  getHistory,
  setRule,
  reconcileAccount,
  accountHealth,
  syncSchedule,
  tokenAnalytics,
  cleanupTokens,
]

/** With COFFER_READ_ONLY the tools that change something are not there at all. */
export function offeredTools(readOnly: boolean): readonly AnyTool[] {
  return readOnly ? tools.filter(({ effect }) => effect === 'read' || effect === 'refresh') : tools
}
