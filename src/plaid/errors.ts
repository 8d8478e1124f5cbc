import { CofferError } from '../errors.ts'
import type { Environment } from '../model.ts'
import { type ErrorClass, errorTable, type Translation } from './error-table.ts'

/** What is to be done about a code of Plaid's; 'unknown' for codes that are not in the table. */
export function classOf(plaidCode: string): ErrorClass {
  return errorTable.get(plaidCode)?.class ?? 'unknown'
}

/** The failure that a code of Plaid's stands for, such as the one in an Item's `error`. */
export function translateCode(
  plaidCode: string,
  about: { requestId?: string; environment?: Environment; httpStatus?: number } = {},
) {
  const code = safeCode(plaidCode)
  const known = errorTable.get(code) ?? unlisted(code, about.requestId)
  const where =
    code === 'INVALID_API_KEYS' && about.environment ? ` It was asked in ${about.environment}.` : ''
  return new CofferError(known.code, known.text + where, {
    fix: known.fix,
    retryable: known.retryable,
    plaidCode: code,
    ...(about.requestId !== undefined && { requestId: about.requestId }),
    ...(about.httpStatus !== undefined && { httpStatus: about.httpStatus }),
  })
}

/** A code is foreign text too: what does not look like one is not repeated. */
export function safeCode(code: string): string {
  return /^[A-Z][A-Z0-9_]{0,63}$/.test(code) ? code : 'UNKNOWN'
}

function unlisted(code: string, requestId: string | undefined): Translation {
  return {
    class: 'unknown',
    code: 'PLAID_REJECTED',
    text: `Plaid refused the request with ${code}${requestId === undefined ? '' : ` (request ${requestId})`}.`,
    fix: "Look the code up at plaid.com/docs/errors; Plaid's support wants the request id.",
    retryable: false,
  }
}
