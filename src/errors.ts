/**
 * Every failure that a person or a model can do something about has a code here. Code and tests switch on
 * the code, never on the message. `fix` is one sentence that names the tool, the command or the setting.
 */
export const errorCodes = {
  // What the owner has to set
  NOT_CONFIGURED: 'No Plaid keys are set.',
  BAD_SETTING: 'A setting has a value that cannot be used.',
  PLAID_KEYS_REJECTED: 'Plaid refused the client id or the secret.',
  PLAID_MISCONFIGURED: 'Plaid refused the request because of how the Plaid team or this program is set up.',
  PLAID_CREDITS_EXHAUSTED: 'The Plaid plan has no calls left.',
  // Where secrets and data are kept
  VAULT_LOCKED: 'The key that seals bank tokens cannot be had.',
  KEY_IN_USE: 'A key that was to be deleted still opens something.',
  RECORD_DAMAGED: 'A sealed record does not open.',
  HOME_NOT_PRIVATE: 'The data directory or a key file can be read by others.',
  SQLITE_TOO_OLD: 'The SQLite library has a bug that can lose data beside other copies.',
  DATABASE_BUSY: 'Another process kept the database locked for too long.',
  DATABASE_READ_ONLY: 'The database cannot be written.',
  DATABASE_DAMAGED: 'The database file is damaged.',
  BACKUP_UNUSABLE: 'A backup cannot be restored.',
  DATABASE_NEWER: 'The database was written by a newer version.',
  DISK_FULL: 'The disk is full.',
  DISK_FAILED: 'The disk does not read or write.',
  PORT_TAKEN: 'Another program has the port.',
  STILL_RUNNING: 'Another copy of this program runs.',
  // What was asked
  INVALID_ARGUMENTS: 'The arguments do not fit the tool.',
  UNKNOWN_TOOL: 'There is no such tool.',
  UNKNOWN_CONNECTION: 'No connection has this item_id.',
  UNKNOWN_ACCOUNT: 'No account has this account_id.',
  UNKNOWN_LINK: 'No link has this link_id.',
  ITEM_ID_NEEDED: 'Several connections could be meant.',
  ALREADY_CONNECTED: 'The login is connected already.',
  WRONG_ENVIRONMENT: 'The connection belongs to the other Plaid environment.',
  READ_ONLY: 'Changes are switched off.',
  RATE_LIMITED: 'There were too many tool calls in a minute.',
  NOT_CONFIRMED: 'A person has not said yes.',
  // The bank and Plaid
  ITEM_LOGIN_REQUIRED: 'The bank wants a new login.',
  CONSENT_REQUIRED: 'The bank connection does not include this kind of data.',
  BANK_ACTION_REQUIRED: 'The bank wants something done at the bank first.',
  CONNECTION_ENDED: 'The connection is over.',
  PRODUCT_UNAVAILABLE: 'The bank connection has no such data.',
  NOT_READY: 'Plaid is still fetching the data.',
  SYNC_MUTATED: 'The data changed while they were being read.',
  SYNC_TAKEN_OVER: 'Another process fetches the data now.',
  BANK_DOWN: 'The bank does not answer.',
  PLAID_DOWN: 'Plaid has an outage.',
  PLAID_UNREACHABLE: 'Plaid cannot be reached.',
  PLAID_RATE_LIMITED: 'Too many calls in a short time.',
  PLAID_REJECTED: 'Plaid refused the request.',
  CANCELLED: 'The work was stopped before it was done.',
  INTERNAL: 'Something broke here.',
} as const

export type ErrorCode = keyof typeof errorCodes

export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(errorCodes, text)
}

export interface CofferErrorDetails {
  /** One sentence: what the person or the model should do. */
  fix?: string
  /** True when the same call may work a little later without anybody doing anything. */
  retryable?: boolean
  /** Plaid's own `error_code`, where Plaid was the one to refuse. */
  plaidCode?: string
  /** That of an answer by which Plaid, or something in its place, refused. */
  httpStatus?: number
  /** Plaid's `request_id`: safe to show, and the only thing Plaid's support asks for. */
  requestId?: string
}

/** A failure with a stable code. It never has a `cause`: causes from the SDK carry secrets. */
export class CofferError extends Error {
  override readonly name = 'CofferError'
  readonly code: ErrorCode
  readonly fix: string | undefined
  readonly retryable: boolean
  readonly plaidCode: string | undefined
  readonly httpStatus: number | undefined
  readonly requestId: string | undefined

  constructor(code: ErrorCode, message: string, details: CofferErrorDetails = {}) {
    super(message)
    this.code = code
    this.fix = details.fix
    this.retryable = details.retryable ?? false
    this.plaidCode = details.plaidCode
    this.httpStatus = details.httpStatus
    this.requestId = details.requestId
  }
}

export function isCofferError(error: unknown, code?: ErrorCode): error is CofferError {
  return error instanceof CofferError && (code === undefined || error.code === code)
}

export function notConfigured(): CofferError {
  return new CofferError('NOT_CONFIGURED', 'PLAID_CLIENT_ID and PLAID_SECRET are not both set.', {
    fix: 'Run coffer-mcp setup in a terminal, or get both from the Plaid dashboard (Developers > Keys) and set them in the environment of this server; to try it without keys, start it with --demo.',
  })
}

/** What may be told of any failure in one word. */
export function codeOf(error: unknown): ErrorCode {
  return isCofferError(error) ? error.code : 'INTERNAL'
}

/** What happened and what to do, in one text. */
export function sentencesOf({
  message,
  fix,
}: {
  readonly message: string
  readonly fix?: string | undefined
}): string {
  return [message, fix].filter(Boolean).join(' ')
}

/** For `.catch`, where a failure that has a code needs no more than the state it left behind; others go on. */
export function ignoreKnown(error: unknown): undefined {
  if (!(error instanceof CofferError)) throw error
}
