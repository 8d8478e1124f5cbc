import type {
  Account,
  Connection,
  FlowDay,
  FlowMove,
  Holding,
  KeyRecord,
  Span,
  WebhookDelivery,
} from '../model.ts'
import type { Generated, Kysely } from 'kysely'
import type { Link } from './store.ts'

/** A column is text or an integer, in every database: flags are 0 or 1, lists are JSON text (columns.ts). */
type Row<T> = {
  [K in keyof T]: T[K] extends boolean ? number : T[K] extends readonly string[] ? string : T[K]
}

/** Place in Plaid's list. */
interface Placed {
  readonly position: number
}

/** The tables by the names that our code uses; in the database both they and the columns are snake_case. */
export interface Schema {
  meta: { readonly key: string; readonly value: string }
  keys: Row<KeyRecord>
  connections: Row<Connection> & { readonly sealedToken: string }
  accounts: Row<Account> & Placed
  holdings: Row<Holding> & Placed
  flowDays: Row<FlowDay>
  flowMoves: Row<FlowMove>
  /** What is known of a connection's flow: spans that neither overlap nor touch. */
  flowSpans: Row<Span> & { readonly itemId: string }
  /** The last fetch of a connection's flow: how many there were, and the span that it brought. */
  flowFetches: Row<Span> & { readonly itemId: string; readonly revision: number }
  links: Row<Link>
  webhookDeliveries: Row<WebhookDelivery>
  /** `event` is JSON of a WebhookEvent; `doneAt` is null until it took effect. */
  inbox: {
    readonly id: Generated<number>
    readonly digest: string
    readonly itemId: string | null
    readonly event: string
    readonly sentAt: string
    readonly receivedAt: string
    readonly doneAt: string | null
  }
  /** One row per call and budget; `at` in ms since 1970. */
  plaidCalls: { readonly key: string; readonly at: number }
}

export type Db = Kysely<Schema>
