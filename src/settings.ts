import { isAbsolute } from 'node:path'
import { z } from 'zod'
import { isCron } from './cron-text.ts'

/** One row of the settings table: docs/config.md, `--help` and the errors are made from it. */
export interface Setting {
  readonly variable: string
  /** The flag without dashes; secrets have none, since flags show in process lists. */
  readonly flag: string | null
  readonly fallback: string | null
  readonly meaning: string
  /** Turns the text into the value; its message says what is wrong, in a clause that follows the variable's name. */
  readonly schema: z.ZodType<unknown, string>
  readonly example: string
}

const text = z.string()
const list = z.string().transform((value) =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
)

function oneOf<const T extends string>(...values: [T, ...T[]]) {
  return z.enum(values, { error: `must be one of ${values.join(', ')}` })
}

function whole(min: number, max: number) {
  const error = `must be a whole number from ${min} to ${max}`
  return z
    .string()
    .regex(/^\d{1,9}$/, { error })
    .transform(Number)
    .refine((value) => value >= min && value <= max, { error })
}

const onOff = z
  .enum(['on', 'off', '1', '0', 'true', 'false'], { error: 'must be on or off' })
  .transform((value) => value === 'on' || value === '1' || value === 'true')

const environment = z
  .string()
  .refine((value) => value !== 'development', {
    error:
      'is "development", which Plaid shut down in June 2024; its Items are gone and cannot be brought back',
    abort: true,
  })
  .pipe(oneOf('sandbox', 'production'))

/** Plaid itself, or this machine: nothing else may ever be sent the keys. */
export function isPlaidHost(url: URL): boolean {
  if (url.username !== '' || url.password !== '') return false
  if (isLoopback(url)) return url.protocol === 'http:' || url.protocol === 'https:'
  return url.protocol === 'https:' && (url.hostname === 'plaid.com' || url.hostname.endsWith('.plaid.com'))
}

export function isLoopback(url: URL): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
}

const plaidUrl = z.string().refine((value) => URL.canParse(value) && isPlaidHost(new URL(value)), {
  error: 'must be an https URL under plaid.com, or a loopback URL',
})

const publicUrl = z.string().refine((value) => URL.canParse(value) && isPublicUrl(new URL(value)), {
  error: 'must be an http or https URL without a user name',
})

function isPublicUrl({ protocol, username, password }: URL): boolean {
  return ['http:', 'https:'].includes(protocol) && username === '' && password === ''
}

const products = list
  .pipe(z.array(oneOf('transactions', 'investments', 'liabilities')))
  .refine((value) => value.length > 0, { error: 'must name at least one product' })

const countries = list.refine((value) => value.length > 0 && value.every((code) => /^[A-Z]{2}$/.test(code)), {
  error: 'must be country codes of two capital letters',
})

const cron = z.string().refine(isCron, {
  error: 'must be five fields of cron (minute, hour, day, month, weekday) that name a time which ever comes',
})

/** A relative path would be another file for each directory that a host starts us in. */
function isKeyFile(value: string): boolean {
  const path = value.slice('file:'.length)
  return value.startsWith('file:') && (isAbsolute(path) || path.startsWith('~/'))
}

const keyChoice = z.string().refine((value) => ['keychain', 'env'].includes(value) || isKeyFile(value), {
  error: 'must be keychain, env, or file: followed by an absolute path',
})

export const settings = {
  clientId: row(
    'PLAID_CLIENT_ID',
    null,
    null,
    'Your Plaid client id',
    text,
    'the client_id of your Plaid dashboard',
  ),
  secret: row(
    'PLAID_SECRET',
    null,
    null,
    'The secret of the chosen environment',
    text,
    'the secret of your Plaid dashboard',
  ),
  plaidKeys: row(
    'COFFER_PLAID_KEYS',
    'plaid-keys',
    'env',
    'Where the Plaid keys are unless both stand in the environment: `env` (nowhere else) or `keychain`, where `coffer-mcp setup` puts them',
    oneOf('env', 'keychain'),
    'keychain',
  ),
  environment: row(
    'PLAID_ENV',
    'env',
    'sandbox',
    '`sandbox` (made-up banks) or `production` (real ones)',
    environment,
    'sandbox',
  ),
  baseUrl: row(
    'PLAID_BASE_URL',
    'base-url',
    null,
    'Where Plaid is, for tests and the simulator: under plaid.com, or loopback. Default: by `PLAID_ENV`',
    plaidUrl,
    'http://127.0.0.1:8080',
  ),
  products: row(
    'PLAID_PRODUCTS',
    'products',
    'transactions,investments,liabilities',
    'What you agree to use at all; some are billed',
    products,
    'transactions,investments',
  ),
  countryCodes: row(
    'PLAID_COUNTRY_CODES',
    'country-codes',
    'US',
    'Countries of your banks',
    countries,
    'US,CA',
  ),
  language: row(
    'PLAID_LANGUAGE',
    'language',
    'en',
    'Language of the Link page',
    z.string().regex(/^[a-z]{2}$/, { error: 'must be two small letters' }),
    'en',
  ),
  home: row(
    'COFFER_HOME',
    'home',
    null,
    "Data directory (0700, files 0600). Default: the platform's data directory",
    text,
    '/home/you/.local/share/coffer-mcp',
  ),
  key: row(
    'COFFER_KEY',
    'key',
    null,
    'Where the key that seals bank tokens lives: `keychain`, `env` or `file:PATH`. Default: `env` if `TOKEN_ENCRYPTION_KEY` is set, else `keychain`',
    keyChoice,
    'file:/home/you/keys/coffer.key',
  ),
  passphrase: row(
    'TOKEN_ENCRYPTION_KEY',
    null,
    null,
    'A passphrase of at least 16 characters, for `COFFER_KEY=env`',
    z.string().min(16, { error: 'must have at least 16 characters' }),
    'four or more random words',
  ),
  openBrowser: row(
    'COFFER_OPEN',
    'open',
    'on',
    '`off` never opens a browser; the URL is in the answer either way',
    onOff,
    'off',
  ),
  checkMinutes: row(
    'COFFER_CHECK_MINUTES',
    'check-minutes',
    '60',
    'How often the leader asks Plaid about each connection (a free call)',
    whole(1, 10_080),
    '60',
  ),
  syncCron: row(
    'COFFER_SYNC_CRON',
    'sync-cron',
    '0 6 * * *',
    "When the leader fetches all connections, on this machine's clock; a run that was missed is made up once",
    cron,
    '30 7 * * 1-5',
  ),
  cleanup: row(
    'COFFER_CLEANUP',
    'cleanup',
    'report',
    'What the daily clean-up does with tokens that are over or unused for long: `report` checks, marks and reports; `remove` removes them, which is your standing yes',
    oneOf('report', 'remove'),
    'remove',
  ),
  staleDays: row(
    'COFFER_STALE_DAYS',
    'stale-days',
    '90',
    'After how many days without use by a person the daily clean-up calls a token unused',
    whole(1, 3650),
    '180',
  ),
  cleanupCron: row(
    'COFFER_CLEANUP_CRON',
    'cleanup-cron',
    '0 2 * * *',
    "When the clean-up runs, on this machine's clock; a run that was missed is made up once",
    cron,
    '0 3 * * 1',
  ),
  analyticsCron: row(
    'COFFER_ANALYTICS_CRON',
    'analytics-cron',
    '0 1 * * 0',
    "When the weekly counts of tokens are kept, on this machine's clock; a run that was missed is made up once",
    cron,
    '0 1 * * 1',
  ),
  ledger: row(
    'COFFER_LEDGER',
    'ledger',
    'off',
    '`on`: transactions are kept on disk; `off`: sums per day and single moves without text',
    onOff,
    'on',
  ),
  retentionDays: row(
    'COFFER_RETENTION_DAYS',
    'retention-days',
    '730',
    'How long the ledger keeps a transaction',
    whole(30, 2557),
    '365',
  ),
  listen: row(
    'COFFER_LISTEN',
    'listen',
    'on',
    "`off`: this copy does not listen for Plaid's webhooks",
    onOff,
    'off',
  ),
  port: row(
    'COFFER_PORT',
    'port',
    '8765',
    'Where the leader listens on 127.0.0.1 for `POST /plaid/webhook`; 0 = any free port',
    whole(0, 65_535),
    '8765',
  ),
  pagesPort: row(
    'COFFER_PAGES_PORT',
    'pages-port',
    '8766',
    'Where the local pages are, on 127.0.0.1; 0 = any free port',
    whole(0, 65_535),
    '8766',
  ),
  metrics: row(
    'COFFER_METRICS',
    'metrics',
    'off',
    '`on`: `/healthz` and `/metrics` (Prometheus) beside the local pages, which the leader then opens',
    onOff,
    'on',
  ),
  webhookUrl: row(
    'COFFER_WEBHOOK_URL',
    'webhook-url',
    null,
    'The public URL that Plaid is told to send webhooks to. Default: none, and logins are checked now and then',
    publicUrl,
    'https://your-tunnel.example/plaid/webhook',
  ),
  forwardSecret: row(
    'PLAID_WEBHOOK_FORWARD_SHARED_SECRET',
    null,
    null,
    "What a relay of yours sends as `X-Webhook-Forward-Secret`; asked for besides Plaid's signature",
    z.string().min(16, { error: 'must have at least 16 characters' }),
    'a long random text',
  ),
  trustForwarder: row(
    'COFFER_TRUST_FORWARDER',
    'trust-forwarder',
    'off',
    "`1`: the relay's secret alone suffices, since the relay checked the signature",
    onOff,
    '1',
  ),
  readOnly: row(
    'COFFER_READ_ONLY',
    'read-only',
    'off',
    '`1` removes the tools that change anything',
    onOff,
    '1',
  ),
  logLevel: row(
    'COFFER_LOG_LEVEL',
    'log-level',
    'silent',
    'How much is logged',
    oneOf('silent', 'error', 'warn', 'info', 'debug'),
    'info',
  ),
  logFile: row(
    'COFFER_LOG_FILE',
    'log-file',
    null,
    'Log to this file instead of stderr; at 5 MB it becomes FILE.1, and FILE.4 is the oldest',
    text,
    '/tmp/coffer.log',
  ),
} as const

function row<T>(
  variable: string,
  flag: string | null,
  fallback: string | null,
  meaning: string,
  schema: z.ZodType<T, string>,
  example: string,
) {
  return { variable, flag, fallback, meaning, schema, example } satisfies Setting
}
