import { readFileSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import type { z } from 'zod'
import { CofferError } from './errors.ts'
import type { PlaidKeys } from './plaid-keys.ts'
import { Secret } from './secret.ts'
import { type Setting, settings } from './settings.ts'

type Values = { [K in keyof typeof settings]: z.output<(typeof settings)[K]['schema']> | null }

export type KeyChoice =
  | { readonly source: 'keychain' }
  | { readonly source: 'env'; readonly passphrase: Secret }
  | { readonly source: 'file'; readonly path: string }

export interface ListenerConfig {
  /** 0 = any free port. */
  readonly port: number
  /** What a relay has to send, or null when there is none. */
  readonly forwardSecret: Secret | null
  /** The relay's secret alone suffices. */
  readonly trustForwarder: boolean
}

/** Everything that can be set, read once and frozen. Nothing else reads the environment. */
export interface Config {
  readonly demo: boolean
  readonly home: string
  /** From the environment. */
  readonly keys: PlaidKeys | null
  /** Where there are none in the environment, they are in the keychain: put there by `setup`. */
  readonly keysInKeychain: boolean
  readonly environment: 'sandbox' | 'production'
  readonly baseUrl: string | null
  readonly products: readonly ('transactions' | 'investments' | 'liabilities')[]
  readonly countryCodes: readonly string[]
  readonly language: string
  readonly key: KeyChoice
  /** Opens what was sealed with it also where new tokens are sealed with another key. */
  readonly passphrase: Secret | null
  readonly openBrowser: boolean
  readonly checkMinutes: number
  /** Five fields, on this machine's clock. */
  readonly syncCron: string
  /** What the clean-up does with what it finds, what is unused for too long, and when it runs. */
  readonly cleanup: 'report' | 'remove'
  readonly staleDays: number
  readonly cleanupCron: string
  /** When the weekly counts of tokens are kept. */
  readonly analyticsCron: string
  /** Transactions are kept on disk, for so many days. */
  readonly ledger: boolean
  readonly retentionDays: number
  /** Null: this copy does not listen for webhooks. */
  readonly listener: ListenerConfig | null
  /** Where the local pages are; 0 = any free port. */
  readonly pagesPort: number
  /** Beside them is told how this program fares. */
  readonly metrics: boolean
  /** What Plaid is told; null: nothing, and logins are checked now and then. */
  readonly webhookUrl: string | null
  readonly readOnly: boolean
  readonly logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug'
  readonly logFile: string | null
}

export interface Surroundings {
  /** Values of flags by flag name, such as `{ 'read-only': 'on' }`. */
  readonly flags: Readonly<Record<string, string>>
  readonly env: Readonly<Record<string, string | undefined>>
  readonly demo?: boolean
  readonly platform?: NodeJS.Platform
}

const demoProducts = ['transactions', 'investments', 'liabilities'] as const

/** Flags, then the environment, then COFFER_HOME/config.json, then the default. Throws BAD_SETTING. */
export function readConfig({ flags, env, demo = false, platform = process.platform }: Surroundings): Config {
  const given = expanded(homeGiven(flags, env) ?? platformHome(platform, env), env)
  const home = resolve(demo ? join(given, 'demo') : given)
  const file = readConfigFile(join(home, 'config.json'))
  const values = readValues({ flags, env, file })
  return Object.freeze({
    demo,
    home,
    keys: keysOf(values),
    keysInKeychain: required(values.plaidKeys) === 'keychain',
    environment: demo ? 'sandbox' : required(values.environment),
    baseUrl: values.baseUrl,
    // Its household has them all, and a demo bills nobody.
    products: demo ? demoProducts : required(values.products),
    countryCodes: required(values.countryCodes),
    language: required(values.language),
    key: demo ? { source: 'file' as const, path: join(home, 'demo.key') } : keyOf(values, env),
    passphrase: demo || values.passphrase === null ? null : new Secret(values.passphrase),
    openBrowser: required(values.openBrowser),
    checkMinutes: required(values.checkMinutes),
    syncCron: required(values.syncCron),
    cleanup: required(values.cleanup),
    staleDays: required(values.staleDays),
    cleanupCron: required(values.cleanupCron),
    analyticsCron: required(values.analyticsCron),
    ledger: required(values.ledger),
    retentionDays: required(values.retentionDays),
    listener: listenerOf(values, demo),
    pagesPort: demo ? 0 : required(values.pagesPort),
    metrics: required(values.metrics),
    webhookUrl: demo ? null : values.webhookUrl,
    readOnly: required(values.readOnly),
    logLevel: required(values.logLevel),
    logFile: values.logFile === null ? null : expanded(values.logFile, env),
  })
}

/** Whether there is somebody to ask: Plaid, with keys of the household, or the demo's banks. */
export function mayAskPlaid({ demo, keys, keysInKeychain }: Config): boolean {
  return demo || keys !== null || keysInKeychain
}

/** Where Plaid is, or what stands in its place. */
export function plaidUrlOf({ baseUrl, environment }: Config): string {
  return baseUrl ?? `https://${environment}.plaid.com`
}

/** Where data go on this platform when COFFER_HOME is not set. */
export function platformHome(platform: NodeJS.Platform, env: Surroundings['env']): string {
  const user = userHome(env)
  if (platform === 'darwin') return join(user, 'Library', 'Application Support', 'coffer-mcp')
  if (platform === 'win32')
    return join(filled(env.LOCALAPPDATA) ?? join(user, 'AppData', 'Local'), 'coffer-mcp')
  return join(filled(env.XDG_DATA_HOME) ?? join(user, '.local', 'share'), 'coffer-mcp')
}

/** The person's own directory; an empty HOME is none, and Node would take it for wherever it was started. */
export function userHome(env: Surroundings['env']): string {
  return filled(env.HOME) ?? filled(env.USERPROFILE) ?? filled(homedir()) ?? userInfo().homedir
}

/** Hosts start us without a shell, so nobody else makes a path of `~/...`. */
function expanded(path: string, env: Surroundings['env']): string {
  return /^~[/\\]/.test(path) ? join(userHome(env), path.slice(2)) : path
}

function homeGiven(flags: Surroundings['flags'], env: Surroundings['env']): string | undefined {
  return filled(flags.home) ?? filled(env.COFFER_HOME)
}

/** Hosts pass `""` for what their user left empty, or the placeholder itself: that is not set. */
export function filled(value: string | undefined): string | undefined {
  return value === undefined || /^\s*(\$\{user_config\.\w+\}\s*)?$/.test(value) ? undefined : value
}

interface Sources {
  readonly flags: Surroundings['flags']
  readonly env: Surroundings['env']
  readonly file: Readonly<Record<string, string>>
}

function readValues(sources: Sources): Values {
  const entries = Object.entries(settings).map(([name, setting]) => [name, readValue(setting, sources)])
  // Object.fromEntries forgets which name has which type; each value came from its own schema.
  return Object.fromEntries(entries) as Values
}

function readValue(setting: Setting, { flags, env, file }: Sources): unknown {
  const flag = setting.flag === null ? undefined : flags[setting.flag]
  const given = filled(flag) ?? filled(env[setting.variable]) ?? filled(file[setting.variable])
  const chosen = given ?? setting.fallback
  if (chosen === null) return null
  const result = setting.schema.safeParse(chosen.trim())
  if (result.success) return result.data
  const problem = result.error.issues[0]?.message ?? 'cannot be used'
  throw new CofferError('BAD_SETTING', `${setting.variable} ${problem}.`, {
    fix: `Set it like this: ${setting.variable}=${setting.example}`,
  })
}

/**
 * config.json is written by this program and holds no secrets; the names in it are those of the variables.
 * @throws CofferError BAD_SETTING
 */
export function readConfigFile(path: string): Record<string, string> {
  const text = readIfThere(path)
  if (text === null) return {}
  try {
    // Editors on Windows may put a byte order mark before it.
    const parsed: unknown = JSON.parse(text.replace(/^\uFEFF/, ''))
    const given = Object.entries(parsed ?? {}).filter(([, value]) => value !== null)
    return Object.fromEntries(given.map(([name, value]) => [name, String(value)]))
  } catch {
    throw new CofferError('BAD_SETTING', `${path} is not valid JSON.`, { fix: 'Mend or remove that file.' })
  }
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    // A home that is no directory is told by the store, with what to do.
    const code = error instanceof Error && 'code' in error ? error.code : null
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    throw new CofferError('BAD_SETTING', `${path} cannot be read.`, { fix: 'Let this user read that file.' })
  }
}

function keysOf({ clientId, secret }: Values): Config['keys'] {
  return clientId === null || secret === null ? null : { clientId, secret: new Secret(secret) }
}

/** The demo stands beside the real thing: it must not take its ports, and its banks know no relay's secret. */
function listenerOf(values: Values, demo: boolean): ListenerConfig | null {
  if (!required(values.listen)) return null
  if (demo) return { port: 0, forwardSecret: null, trustForwarder: false }
  const { forwardSecret, trustForwarder } = values
  if (required(trustForwarder) && forwardSecret === null) throw nothingToTrust()
  return {
    port: required(values.port),
    forwardSecret: forwardSecret === null ? null : new Secret(forwardSecret),
    trustForwarder: required(trustForwarder),
  }
}

function nothingToTrust(): CofferError {
  const text = 'COFFER_TRUST_FORWARDER is on, but PLAID_WEBHOOK_FORWARD_SHARED_SECRET is not set.'
  return new CofferError('BAD_SETTING', text, {
    fix: 'Set PLAID_WEBHOOK_FORWARD_SHARED_SECRET to what your relay sends, or COFFER_TRUST_FORWARDER=off.',
  })
}

function keyOf({ key, passphrase }: Values, env: Surroundings['env']): KeyChoice {
  const source = key ?? (passphrase === null ? 'keychain' : 'env')
  if (source === 'keychain') return { source }
  if (source !== 'env') return { source: 'file', path: expanded(source.slice('file:'.length), env) }
  if (passphrase !== null) return { source, passphrase: new Secret(passphrase) }
  throw new CofferError('BAD_SETTING', 'COFFER_KEY is env, but TOKEN_ENCRYPTION_KEY is not set.', {
    fix: `Set TOKEN_ENCRYPTION_KEY to a passphrase of at least 16 characters, or COFFER_KEY=keychain.`,
  })
}

function required<T>(value: T | null): T {
  if (value === null) throw new Error('a setting with a default has no value')
  return value
}
