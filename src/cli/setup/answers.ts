import type { Config } from '../../config.ts'
import type { PlaidKeys } from '../../plaid-keys.ts'
import { settings } from '../../settings.ts'
import type { Dialogue } from './dialogue.ts'
import type { KeysPlace } from './keep.ts'
import { askForKeys, type TryKeys } from './plaid-keys.ts'
import type { Changes } from './settings-file.ts'

/** All that setup settles. */
export interface Answers extends Pick<Config, 'environment' | 'products' | 'webhookUrl' | 'ledger'> {
  readonly keys: PlaidKeys
}

/** Asks for everything; what is set already is shown as the default. @throws CofferError NOT_CONFIRMED */
export async function askForAnswers(
  dialogue: Dialogue,
  config: Config,
  presentIn: (environment: Config['environment']) => Promise<PlaidKeys | null>,
  tryKeys: TryKeys,
): Promise<Answers> {
  const wanted = await askForEnvironment(dialogue, config)
  const present = await presentIn(wanted)
  const { keys, environment } = await askForKeys({ dialogue, tryKeys, environment: wanted, present })
  const products = await askForProducts(dialogue, config)
  const webhookUrl = await askForWebhooks(dialogue, config)
  return { environment, keys, products, webhookUrl, ledger: await askForLedger(dialogue, config) }
}

async function askForEnvironment(
  dialogue: Dialogue,
  { environment }: Config,
): Promise<Config['environment']> {
  dialogue.box('Plaid has two environments', [
    'sandbox     made-up banks, free: log in there with user_good and pass_good',
    'production  your own banks. On the Trial plan free, with 10 connections in all, for life: one that is',
    '            removed does not come back. Otherwise Plaid bills most products monthly per connection.',
  ])
  const choices = [
    { value: 'sandbox', label: 'Sandbox', hint: 'to try it' },
    { value: 'production', label: 'Production', hint: 'Trial or paid' },
  ] as const
  return await dialogue.choose('Which one?', choices, environment)
}

const products = [
  { value: 'transactions', label: 'Transactions', hint: 'bank accounts and cards, cash flow' },
  { value: 'investments', label: 'Investments', hint: 'holdings and trades of brokerages' },
  { value: 'liabilities', label: 'Liabilities', hint: 'what is due on cards and loans' },
] as const

async function askForProducts(dialogue: Dialogue, config: Config): Promise<Config['products']> {
  const message = 'What do you agree to use at all? Where Plaid bills, each of them is billed by itself.'
  return await dialogue.chooseSome(message, products, config.products)
}

async function askForWebhooks(dialogue: Dialogue, { webhookUrl }: Config): Promise<string | null> {
  const choices = [
    { value: 'polling', label: 'Ask Plaid now and then', hint: 'needs nothing more' },
    { value: 'webhooks', label: 'Webhooks', hint: 'needs a public address that leads to this computer' },
  ] as const
  const message = 'How is a broken login to be known?'
  const way = await dialogue.choose(message, choices, webhookUrl === null ? 'polling' : 'webhooks')
  if (way === 'polling') return null
  return await dialogue.text('Public URL, as Plaid is told', webhookUrl ?? '', problemWithUrl)
}

function problemWithUrl(typed: string): string | undefined {
  const { success, error } = settings.webhookUrl.schema.safeParse(typed)
  return success ? undefined : `It ${error.issues[0]?.message}, such as ${settings.webhookUrl.example}`
}

async function askForLedger(dialogue: Dialogue, { ledger, retentionDays }: Config): Promise<boolean> {
  const choices = [
    { value: 'off', label: 'No', hint: 'sums per day, and single moves without text' },
    { value: 'on', label: 'Yes, keep a ledger', hint: `names and amounts, for ${retentionDays} days` },
  ] as const
  const message = 'Is Coffer to keep your transactions on this disk?'
  return (await dialogue.choose(message, choices, ledger ? 'on' : 'off')) === 'on'
}

/** The answers as they stand in config.json. The keys never do. `keysIn` null: where they are looked for stays as it is. */
export function changesOf(
  { environment, products: agreed, webhookUrl, ledger }: Omit<Answers, 'keys'>,
  keysIn: KeysPlace | null,
): Changes {
  const place = { [settings.plaidKeys.variable]: keysIn === 'keychain' ? keysIn : null }
  return {
    [settings.environment.variable]: environment,
    [settings.products.variable]: agreed.join(','),
    [settings.webhookUrl.variable]: webhookUrl,
    [settings.ledger.variable]: ledger ? 'on' : 'off',
    ...(keysIn === null ? {} : place),
  }
}
