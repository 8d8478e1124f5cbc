import { dirname, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { type Config, platformHome, readConfig, type Surroundings } from '../../config.ts'
import { CofferError, ignoreKnown, isCofferError } from '../../errors.ts'
import type { PlaidKeys } from '../../plaid-keys.ts'
import { refuseUnusableDirectory } from '../../private-files.ts'
import { settings } from '../../settings.ts'
import { exitCodes, type Session } from '../command.ts'
import { type Answers, askForAnswers, changesOf } from '../setup/answers.ts'
import { terminal } from '../setup/dialogue.ts'
import { askForSealing, byEnvironment, type KeysPlace, keepOrAsk } from '../setup/keep.ts'
import { offerMore } from '../setup/offer.ts'
import { overruled } from '../setup/overruled.ts'
import { refusalOf, type TryKeys } from '../setup/plaid-keys.ts'
import { tellSealing } from '../setup/sealing.ts'
import { type Changes, changeSettings } from '../setup/settings-file.ts'

export interface SetupOptions {
  readonly yes: boolean
  readonly clientId: string | undefined
  /** The secret comes on stdin. */
  readonly secretStdin: boolean
  /** Takes COFFER_WEBHOOK_URL away. */
  readonly polling: boolean
}

/** Settles keys and settings, once or again. Nothing is written before all is known, and confirmed by the person or --yes. */
export async function setup(
  session: Session,
  options: SetupOptions,
  surroundings: Surroundings,
): Promise<number> {
  if (surroundings.demo === true) throw usage('The demo needs no keys and no setup.', 'Run coffer-mcp demo.')
  if (options.polling && settings.webhookUrl.flag !== null && settings.webhookUrl.flag in surroundings.flags)
    throw usage('--polling takes away what --webhook-url sets.', 'Pass one of them alone.')
  if (options.yes && options.secretStdin && process.stdin.isTTY)
    throw usage(
      'What is typed here would be shown.',
      'Leave --yes and --secret-stdin out: setup then asks for the secret and hides it. Or pass it on from a program.',
    )
  // Said before the questions, not after them.
  refuseUnusableDirectory(session.opened.config().home)
  if (options.yes) return await withoutAsking(session, options, surroundings)
  if (!session.interactive) throw usage('Nobody can be asked here: there is no terminal.', howToScript)
  if (options.clientId !== undefined || options.secretStdin || options.polling)
    throw usage(
      '--client-id, --secret-stdin and --polling are for --yes, which asks nobody.',
      'Leave them out to be asked, or add --yes.',
    )
  return await withPerson(session, surroundings)
}

const howToScript =
  'Set PLAID_CLIENT_ID and PLAID_SECRET, and run coffer-mcp setup --yes; the secret may also come on stdin, with --client-id ID --secret-stdin. --env, --products, --webhook-url, --polling and --ledger say the rest.'

async function withPerson(session: Session, surroundings: Surroundings): Promise<number> {
  const config = session.opened.config()
  terminal.say('Nothing is written before the end. Ctrl-C leaves everything as it is.')
  const answers = await askForAnswers(
    terminal,
    config,
    (environment) => presentKeys(session, config, environment),
    tryKeysWith(config),
  )
  const { home } = config
  terminal.box('To be written', planOf(answers, home))
  if (!(await terminal.yes('Write this?', true))) {
    session.tell('Nothing was changed.')
    return exitCodes.refused
  }
  const place = await keepOrAsk(terminal, () => keepKeys(session, answers))
  const key = place === 'env' && config.key.source === 'keychain' ? await askForSealing(terminal) : null
  const sealing: Changes = key === null ? {} : { [settings.key.variable]: key }
  const changes = { ...givenSettings(surroundings), ...changesOf(answers, place), ...sealing }
  const path = changeSettings(home, changes)
  session.print(report({ path, place, answers, changes }, surroundings))
  const canSeal = await sealingTold(session, surroundings)
  const keysAreAtHand = place === 'keychain' || answers.keys === config.keys
  return await offerMore(session, surroundings, canSeal && keysAreAtHand)
}

/** What is not given stays as it is set. */
async function withoutAsking(
  session: Session,
  options: SetupOptions,
  surroundings: Surroundings,
): Promise<number> {
  const env = await envWith(options, surroundings)
  const config = readConfig({ ...surroundings, env })
  const { environment, products, ledger } = config
  const keys = await presentKeys(session, config, environment)
  if (keys === null) throw usage('No Plaid keys are given.', howToScript)
  const webhookUrl = options.polling ? null : config.webhookUrl
  const answers = { environment, products, webhookUrl, ledger, keys }
  const { ok, fits } = await tryKeysWith(config)(keys, environment)
  if (!ok) throw rejected(refusalOf(environment, fits), fits)
  const place = await placeOf(session, answers, surroundings)
  const changes = { ...givenSettings(surroundings), ...changesOf(answers, place) }
  const path = changeSettings(config.home, changes)
  session.print(report({ path, place, answers, changes }, surroundings))
  await sealingTold(session, surroundings)
  return exitCodes.ok
}

/** The database is open once only: a second handle that is closed would free the locks of the first. */
async function sealingTold(session: Session, surroundings: Surroundings): Promise<boolean> {
  await session.opened.close()
  return await tellSealing(session, surroundings)
}

async function envWith(
  { clientId, secretStdin }: SetupOptions,
  { env }: Surroundings,
): Promise<Surroundings['env']> {
  const secret = secretStdin ? (await text(process.stdin)).trim() : undefined
  return {
    ...env,
    ...(clientId === undefined ? {} : { [settings.clientId.variable]: clientId }),
    ...(secret === undefined ? {} : { [settings.secret.variable]: secret }),
  }
}

/** Those of the shell, else those of the keychain; null where there are none to be seen. */
async function presentKeys(
  { opened }: Session,
  { keys, keysInKeychain }: Config,
  environment: Config['environment'],
): Promise<PlaidKeys | null> {
  if (keys !== null || !keysInKeychain) return keys
  const { keptKeys } = await opened.appWithoutKeys()
  return (await keptKeys.read(environment).catch(ignoreKnown)) ?? null
}

function tryKeysWith(config: Config): TryKeys {
  return async (keys, environment) => {
    const { tryKeys } = await import('../../app.ts')
    return await tryKeys({ ...config, environment }, keys)
  }
}

async function keepKeys({ opened }: Session, { environment, keys }: Answers): Promise<void> {
  const { keptKeys } = await opened.appWithoutKeys()
  await keptKeys.keep(environment, keys)
}

/**
 * Without a keychain, keys that stand in the environment stay there (null: whatever the keychain has is not given up for
 * that); those that stand nowhere else are refused.
 */
async function placeOf(
  session: Session,
  answers: Answers,
  { flags, env }: Surroundings,
): Promise<KeysPlace | null> {
  const inEnv = (env.PLAID_CLIENT_ID ?? '') !== '' && (env.PLAID_SECRET ?? '') !== ''
  if (flags[settings.plaidKeys.flag ?? ''] === 'env') return 'env'
  try {
    await keepKeys(session, answers)
    return 'keychain'
  } catch (error) {
    if (inEnv && isCofferError(error, 'VAULT_LOCKED')) return null
    throw error
  }
}

/** Settings that were given as flags are to last. Where the data are cannot stand among the data. */
function givenSettings({ flags }: Surroundings): Changes {
  const lasting = Object.values(settings).filter(
    ({ flag, variable }) => flag !== null && flag in flags && variable !== settings.home.variable,
  )
  return Object.fromEntries(lasting.map(({ flag, variable }) => [variable, flags[flag ?? ''] ?? null]))
}

function planOf({ environment, products, webhookUrl, ledger }: Answers, home: string): string[] {
  return [
    `Plaid keys   into the keychain, for ${environment}`,
    `products     ${products.join(', ')}`,
    `webhooks     ${webhookUrl ?? 'none: each login is checked now and then'}`,
    `ledger       ${ledger ? 'on' : 'off'}`,
    `settings in  ${home}`,
  ]
}

interface Done {
  readonly path: string
  /** Null: the keychain cannot be reached, and has what it had. */
  readonly place: KeysPlace | null
  readonly answers: Answers
  readonly changes: Changes
}

function report({ path, place, answers, changes }: Done, surroundings: Surroundings): string {
  const { env } = surroundings
  const kept =
    place === null
      ? 'The keychain cannot be reached now: no Plaid keys were put there, or taken from it.'
      : 'The Plaid keys are kept nowhere by Coffer.'
  const keys =
    place === 'keychain'
      ? ['The Plaid keys are in the keychain.']
      : [kept, ...byEnvironment(answers.keys, process.platform)]
  return [
    `Settings are in ${path}.`,
    ...elsewhere(dirname(path), surroundings),
    ...keys,
    ...overruled({ env, changes, place: place ?? 'env' }),
  ].join('\n')
}

/** A directory that was named for this once is found by nothing that is started without its name. */
function elsewhere(home: string, { flags, env }: Surroundings): string[] {
  const found = env[settings.home.variable]?.trim() || platformHome(process.platform, env)
  if (flags[settings.home.flag ?? ''] === undefined || resolve(found) === home) return []
  return [
    `Set ${settings.home.variable}=${home} wherever coffer-mcp is started: without it these settings are not found.`,
  ]
}

function usage(message: string, fix: string): CofferError {
  return new CofferError('INVALID_ARGUMENTS', message, { fix })
}

function rejected(message: string, fits: Config['environment'] | null): CofferError {
  const again =
    fits === null ? 'Copy both from the Plaid dashboard again.' : `Pass --env ${fits}, or the other secret.`
  return new CofferError('PLAID_KEYS_REJECTED', message, { fix: `Nothing was changed. ${again}` })
}
