import { failureTable, statusOf } from './failure-table.ts'

type Table = typeof failureTable
export type PlaidErrorType = keyof Table
export type PlaidErrorCode = { [T in PlaidErrorType]: keyof Table[T] & string }[PlaidErrorType]

/** The error object of Plaid's answers, without the `request_id` that the server adds. */
export interface PlaidErrorBody {
  readonly error_type: string
  readonly error_code: string
  readonly error_message: string
  readonly display_message: string | null
}

/** An answer that Plaid gives instead of what was asked for. */
export class PlaidFailure extends Error {
  override readonly name = 'PlaidFailure'
  /** HTTP status. */
  readonly status: number
  readonly body: PlaidErrorBody

  constructor(status: number, body: PlaidErrorBody) {
    super(`${body.error_code}: ${body.error_message}`)
    this.status = status
    this.body = body
  }
}

const known = new Map(Object.entries(failureTable).flatMap(([type, codes]) => rowsOf(type, codes)))

/** Any of Plaid's documented errors by its code; `message` where Plaid's text depends on the request. */
export function plaidFailure(code: PlaidErrorCode, details: { message?: string } = {}): PlaidFailure {
  const row = known.get(code)
  if (row === undefined) throw new TypeError(`no such error code at Plaid: ${code}`)
  return new PlaidFailure(row.status, {
    ...row.body,
    error_message: details.message ?? row.body.error_message,
  })
}

export function isPlaidErrorCode(code: string): code is PlaidErrorCode {
  return known.has(code)
}

function rowsOf(type: string, codes: Record<string, readonly [message: string, display?: string]>) {
  return Object.entries(codes).map(([code, [message, display]]) => {
    const status = type === 'RATE_LIMIT_EXCEEDED' ? 429 : (statusOf[code] ?? 400)
    const body = {
      error_type: type,
      error_code: code,
      error_message: message,
      display_message: display ?? null,
    }
    return [code, { status, body }] as const
  })
}
