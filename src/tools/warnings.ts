import type { VaultState } from '../connections/index.ts'
import type { Connection, Environment } from '../model.ts'
import type { Warning } from './shapes.ts'

export function vaultWarning(state: VaultState): Warning[] {
  if (state.state === 'ok') return []
  return [{ code: state.why.code, text: [state.why.message, state.why.fix].filter(Boolean).join(' ') }]
}

/** What is true of the household as a whole and not of one connection. */
export function connectionWarnings(connections: readonly Connection[], environment: Environment): Warning[] {
  if (connections.length === 0) {
    return [
      {
        code: 'NO_CONNECTIONS',
        text: 'No bank is connected yet. Call connect_bank and give the person the link.',
      },
    ]
  }
  return connections
    .filter((connection) => connection.environment !== environment)
    .map(({ itemId, institution, environment: theirs }) => ({
      code: 'WRONG_ENVIRONMENT',
      item_id: itemId,
      text: `${institution} belongs to Plaid's ${theirs} environment; it is listed, but not asked while PLAID_ENV is ${environment}.`,
    }))
}
