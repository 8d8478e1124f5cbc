/**
 * Whose doing something was: `tool`, `resource` and `prompt` are asked for by a client, `webhook` is Plaid by itself, and
 * `coffer` is what followed from an answer of Plaid's or from a person's yes.
 */
export type Actor = 'tool' | 'resource' | 'prompt' | 'command' | 'job' | 'page' | 'webhook' | 'coffer'

/** What was done, before it is put down. No amount and no name of a bank is in it. */
export interface AuditEntry {
  /** ISO 8601. */
  readonly at: string
  readonly actor: Actor
  /** Of the tool, resource, prompt, command or job, or what happened. */
  readonly name: string
  /** `ok`, or the code of what went wrong. */
  readonly outcome: string
  /** Connections that it was about; what is put down is a keyed hash of each. */
  readonly itemIds: readonly string[]
}

/** What moved the status of a connection. */
export type Cause = Pick<AuditEntry, 'actor' | 'name'>

export interface AuditRow extends Omit<AuditEntry, 'itemIds'> {
  readonly auditId: number
  /** Keyed hashes. */
  readonly connections: readonly string[]
  /** Where the status of one connection moved; null: from nothing, or to nothing. */
  readonly statusBefore: string | null
  readonly statusAfter: string | null
}
