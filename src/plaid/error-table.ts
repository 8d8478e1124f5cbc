import type { ErrorCode } from '../errors.ts'

/** What a code of Plaid's means for us; the classes of Plaid's codes that need different treatment. */
export type ErrorClass =
  | 'reauth'
  | 'account_selection'
  | 'consent'
  | 'bank_side'
  | 'terminal'
  | 'product_gap'
  | 'retry_soon'
  | 'retry_later'
  | 'configuration'
  | 'unknown'

export interface Translation {
  readonly class: ErrorClass
  readonly code: ErrorCode
  /** What happened, in our words. */
  readonly text: string
  /** What to do, one sentence. */
  readonly fix: string
  readonly retryable: boolean
}

type Rest = Partial<Translation>

const relogin = 'Call start_reauth with this item_id and have the person finish the link.'
const relink = 'Call connect_bank with replaces set to this item_id.'
const later = 'Try again in an hour; until then the stored figures stand.'
const dashboard = 'The owner of the Plaid keys has to change this at dashboard.plaid.com.'
const ours = "Update coffer-mcp; if it stays, report it with Plaid's request id."

/** Plaid's codes one by one. Their `error_type` is not looked at: Plaid itself gives some codes two. */
export const errorTable: ReadonlyMap<string, Translation> = new Map([
  ...group('reauth', 'ITEM_LOGIN_REQUIRED', relogin, {
    ITEM_LOGIN_REQUIRED: 'The bank wants a new login.',
    ACCESS_NOT_GRANTED: 'The bank was not given permission for this data.',
    INSUFFICIENT_CREDENTIALS: 'The login at the bank was not finished.',
    INVALID_CREDENTIALS: 'The bank did not accept the login.',
    INVALID_MFA: 'The bank did not accept the answer to its security question.',
    USER_INPUT_TIMEOUT: 'The bank waited too long for an answer to its security question.',
    INVALID_OTP: 'The bank did not accept the one-time code.',
    INVALID_SEND_METHOD: 'The bank could not send its one-time code.',
    INVALID_PHONE_NUMBER: 'The bank did not accept the phone number.',
  }),
  ...group(
    'account_selection',
    'ITEM_LOGIN_REQUIRED',
    'Call start_reauth with this item_id and add_accounts.',
    {
      NO_ACCOUNTS: 'The bank shares no account any more.',
      INVALID_ACCOUNT_ID: [
        'The account is no longer known at the bank.',
        {
          code: 'UNKNOWN_ACCOUNT',
          fix: 'Call sync_snapshot for the present accounts, or start_reauth with add_accounts.',
        },
      ],
    },
  ),
  ...group('consent', 'CONSENT_REQUIRED', 'Call start_reauth with this item_id and add_products.', {
    ADDITIONAL_CONSENT_REQUIRED: 'The person has not agreed to share this kind of data.',
  }),
  ...group('bank_side', 'BANK_ACTION_REQUIRED', `Do this on the bank's own site first. Then: ${relogin}`, {
    ITEM_LOCKED: 'The bank has locked the login; it has to be unlocked at the bank.',
    USER_SETUP_REQUIRED: 'The bank wants its own set-up of the account finished.',
    PASSWORD_RESET_REQUIRED: 'The bank wants the password changed.',
  }),
  ...group('terminal', 'CONNECTION_ENDED', relink, {
    ITEM_NOT_FOUND: 'Plaid no longer has this connection.',
    INVALID_ACCESS_TOKEN: 'Plaid no longer accepts the token of this connection.',
    USER_PERMISSION_REVOKED: 'The person took the permission back.',
    ITEM_NOT_SUPPORTED: 'Plaid does not support this kind of account at the bank.',
    MFA_NOT_SUPPORTED: "Plaid does not support this bank's security step.",
    INVALID_UPDATED_USERNAME: 'The user name at the bank has changed.',
    INSTITUTION_NO_LONGER_SUPPORTED: 'Plaid no longer supports this bank.',
    UNSUPPORTED_RESPONSE: 'The bank gives answers that Plaid cannot use.',
    ITEM_CONCURRENTLY_DELETED: 'The connection was removed during the call.',
  }),
  ...group('product_gap', 'PRODUCT_UNAVAILABLE', 'Go on without this data for this bank.', {
    PRODUCTS_NOT_SUPPORTED: 'The bank does not offer this kind of data.',
    PRODUCT_NOT_ENABLED: [
      'The connection was made without this kind of data.',
      { fix: 'Call start_reauth with this item_id and add_products if the data is wanted.' },
    ],
    NO_INVESTMENT_ACCOUNTS: 'The connection has no investment account.',
    NO_INVESTMENT_AUTH_ACCOUNTS: 'The connection has no investment account of this kind.',
    NO_LIABILITY_ACCOUNTS: 'The connection has no card or loan with details.',
    NO_AUTH_ACCOUNTS: 'The connection has no checking or savings account.',
  }),
  ...group('retry_soon', 'PLAID_DOWN', 'Try again in a minute.', {
    INTERNAL_SERVER_ERROR: 'Plaid had a fault of its own.',
    PRODUCT_NOT_READY: [
      'Plaid is still fetching the data from the bank.',
      { code: 'NOT_READY', fix: 'Ask again in a minute.' },
    ],
    TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION: [
      'The transactions changed while they were being read.',
      { code: 'SYNC_MUTATED', fix: 'Read them again from the first page.' },
    ],
  }),
  ...group('retry_later', 'BANK_DOWN', later, {
    INSTITUTION_DOWN: 'The bank does not answer.',
    INSTITUTION_NOT_RESPONDING: 'The bank does not answer.',
    INSTITUTION_NOT_AVAILABLE: 'The bank cannot be reached through Plaid now.',
    PLANNED_MAINTENANCE: [
      'Plaid is down for planned work.',
      { code: 'PLAID_DOWN', fix: 'See status.plaid.com, and try again later.' },
    ],
    LAST_UPDATED_DATETIME_OUT_OF_RANGE: [
      'The bank has no balance as fresh as was asked for.',
      { code: 'PRODUCT_UNAVAILABLE' },
    ],
  }),
  ...group('retry_later', 'PLAID_RATE_LIMITED', 'Wait a minute before the next call.', {
    INSTITUTION_RATE_LIMIT: ['The bank gets too many requests through Plaid.', { fix: later }],
    ...tooMany(
      'RATE_LIMIT',
      'RATE_LIMIT_EXCEEDED',
      'ACCOUNTS_LIMIT',
      'ACCOUNTS_BALANCE_GET_LIMIT',
      'AUTH_LIMIT',
    ),
    ...tooMany('BALANCE_LIMIT', 'IDENTITY_LIMIT', 'INSTITUTIONS_GET_LIMIT', 'INSTITUTIONS_GET_BY_ID_LIMIT'),
    ...tooMany('INVESTMENT_HOLDINGS_GET_LIMIT', 'INVESTMENT_TRANSACTIONS_LIMIT', 'ITEM_GET_LIMIT'),
    ...tooMany('TRANSACTIONS_LIMIT', 'TRANSACTIONS_REFRESH_LIMIT', 'TRANSACTIONS_SYNC_LIMIT'),
  }),
  ...group('configuration', 'PLAID_MISCONFIGURED', dashboard, {
    INVALID_API_KEYS: [
      'Plaid refused the client id or the secret.',
      {
        code: 'PLAID_KEYS_REJECTED',
        fix: 'Set PLAID_CLIENT_ID and PLAID_SECRET, and PLAID_ENV to the environment of that secret; `coffer-mcp doctor` checks them.',
      },
    ],
    CREDITS_EXHAUSTED: [
      'The Plaid plan has no calls left for this kind of data.',
      { code: 'PLAID_CREDITS_EXHAUSTED' },
    ],
    UNAUTHORIZED_ENVIRONMENT: 'The Plaid team may not use this environment.',
    UNAUTHORIZED_ROUTE_ACCESS: 'The Plaid team may not use this call.',
    UNAUTHORIZED_INSTITUTION: 'The Plaid team may not connect this bank.',
    INSTITUTION_REGISTRATION_REQUIRED: 'The Plaid team has to be registered with this bank first.',
    INSTITUTION_NOT_ENABLED_IN_ENVIRONMENT: 'This bank is not available in this Plaid environment.',
    INVALID_PRODUCT: [
      'The Plaid team may not use one of the products.',
      { fix: 'Enable it at dashboard.plaid.com, or take it out of PLAID_PRODUCTS.' },
    ],
    INVALID_LINK_CUSTOMIZATION: 'The Plaid team has not chosen what Link asks the person to share.',
    DIRECT_INTEGRATION_NOT_ENABLED: 'The Plaid team may only use Link.',
    INVALID_INSTITUTION: [
      'Plaid does not know this bank.',
      { fix: 'Check PLAID_COUNTRY_CODES and PLAID_ENV.' },
    ],
    SANDBOX_ONLY: [
      'This works in the Sandbox only.',
      { fix: 'Set PLAID_ENV=sandbox with the Sandbox secret.' },
    ],
    INVALID_LINK_TOKEN: [
      'Plaid no longer knows this link.',
      { code: 'UNKNOWN_LINK', fix: 'Make a new one with connect_bank or start_reauth.' },
    ],
    INVALID_PUBLIC_TOKEN: [
      'Plaid no longer accepts this finished login; it lasts 30 minutes.',
      { code: 'PLAID_REJECTED', fix: 'Call connect_bank again.' },
    ],
  }),
  ...group('configuration', 'PLAID_MISCONFIGURED', ours, {
    INVALID_FIELD: 'Plaid did not accept a value in the request.',
    MISSING_FIELDS: 'Plaid misses a value in the request.',
    UNKNOWN_FIELDS: 'Plaid does not know a value in the request.',
    INVALID_BODY: 'Plaid could not read the request.',
    INVALID_HEADERS: 'Plaid did not accept the headers of the request.',
    INVALID_CONFIGURATION: 'Plaid did not accept the form of the request.',
    INVALID_USER_IDENTITY_DATA: 'Plaid did not accept what the request says of the person.',
    INCOMPATIBLE_API_VERSION: 'Plaid no longer offers this version of the call.',
    NOT_FOUND: 'Plaid does not know this call.',
    NO_LONGER_AVAILABLE: 'Plaid no longer offers this call.',
    INVALID_WEBHOOK_VERIFICATION_KEY_ID: 'Plaid does not know this key in this environment.',
    SANDBOX_WEBHOOK_INVALID: 'The connection has no webhook address that Plaid could call.',
    SANDBOX_PRODUCT_NOT_ENABLED: 'The connection was made without this product.',
  }),
])

function group(
  errorClass: ErrorClass,
  code: ErrorCode,
  fix: string,
  rows: Readonly<Record<string, string | readonly [text: string, rest: Rest]>>,
): readonly (readonly [string, Translation])[] {
  const retryable = errorClass === 'retry_soon' || errorClass === 'retry_later'
  return Object.entries(rows).map(([plaidCode, row]) => {
    const [text, rest] = typeof row === 'string' ? [row, {}] : row
    return [plaidCode, { class: errorClass, code, fix, retryable, text, ...rest }]
  })
}

function tooMany(...plaidCodes: readonly string[]): Record<string, string> {
  return Object.fromEntries(plaidCodes.map((code) => [code, 'Plaid got too many calls in a short time.']))
}
