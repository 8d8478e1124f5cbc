import { CofferError } from '../errors.ts'
import { checkConnection } from '../tools/check-connection.ts'
import { connectBank } from '../tools/connect-bank.ts'
import { offeredTools } from '../tools/index.ts'
import { getCashFlow } from '../tools/get-cash-flow.ts'
import { listConnections } from '../tools/list-connections.ts'
import { removalAsked, revokeConnection } from '../tools/revoke-connection.ts'
import { startReauth } from '../tools/start-reauth.ts'
import { syncSnapshot } from '../tools/sync-snapshot.ts'
import { summaryOf } from '../view/connections.ts'
import { plain } from '../view/plain.ts'
import type { PageDeps } from './index.ts'
import type { CallTool } from './tools.ts'

/** Where a button leads, and what is said there of what it did. */
export interface Outcome {
  readonly to: string
  readonly notice: string | null
}

type Action = (args: object) => Promise<Outcome>

/** What the buttons of the pages do: each calls the tool of its name. */
export function createActions(deps: PageDeps, call: CallTool): ReadonlyMap<string, Action> {
  const actions: Record<string, Action> = {
    async [listConnections.name](args) {
      const listed = await call(listConnections, args)
      const unclear = listed.warnings.find(({ code }) => code === 'NOT_CHECKED')
      return home(
        unclear === undefined
          ? `Plaid was asked about every login. ${summaryOf(listed)}`
          : plain(unclear.text),
      )
    },
    async [startReauth.name](args) {
      const { link_id: linkId, next_step: step } = await call(startReauth, args)
      return linkId === undefined ? home(plain(step.text)) : linkPage(linkId)
    },
    async [connectBank.name](args) {
      return linkPage((await call(connectBank, args)).link_id)
    },
    async [checkConnection.name](args) {
      await call(checkConnection, args)
      return 'link_id' in args && typeof args.link_id === 'string' ? linkPage(args.link_id) : home(null)
    },
    async [syncSnapshot.name](args) {
      const { complete } = await call(syncSnapshot, args)
      return figures(
        complete ? 'Every bank was fetched.' : 'Fetched what could be had; what is missing is told below.',
      )
    },
    async [getCashFlow.name](args) {
      const { complete } = await call(getCashFlow, args)
      return figures(complete ? 'These months were fetched.' : 'Fetched what could be had of these months.')
    },
    async [revokeConnection.name](args) {
      const { token } = await deps.approvals.ask(await removalAsked(args, deps.core()))
      return { to: `/confirm/${token.open()}`, notice: null }
    },
  }
  const offered = offeredTools(deps.core().readOnly).map(({ name }) => name)
  return new Map(Object.entries(actions).map(([name, act]) => [name, offered.includes(name) ? act : refused]))
}

const refused: Action = async () => {
  throw new CofferError('READ_ONLY', 'Changes are switched off.', {
    fix: 'Start coffer-mcp open without COFFER_READ_ONLY for that.',
  })
}

const home = (notice: string | null): Outcome => ({ to: '/connections', notice })
const figures = (notice: string): Outcome => ({ to: '/snapshot', notice })
const linkPage = (linkId: string): Outcome => ({ to: `/links/${linkId}`, notice: null })
