import { join } from 'node:path'
import { userHome } from '../../config.ts'
import { type CofferError, isCofferError } from '../../errors.ts'
import type { PlaidKeys } from '../../plaid-keys.ts'
import { settings } from '../../settings.ts'
import type { Dialogue } from './dialogue.ts'

export type KeysPlace = 'keychain' | 'env'

/**
 * Puts the keys into the keychain. Where that cannot be, the person chooses: never plain text on the disk by itself.
 * @throws CofferError NOT_CONFIRMED
 */
export async function keepOrAsk(dialogue: Dialogue, keep: () => Promise<void>): Promise<KeysPlace> {
  dialogue.say('The keys go into the keychain; it may ask you to allow that.')
  for (;;) {
    const problem = await problemOf(keep)
    if (problem === null) return 'keychain'
    dialogue.warn(`${problem.message} So the Plaid keys cannot be kept there.`)
    const choices = [
      { value: 'again', label: 'Try again', hint: 'when it is unlocked, or there' },
      { value: 'env', label: 'Go on: I set them in the environment', hint: 'you are told how' },
    ] as const
    if ((await dialogue.choose('Where are they to be?', choices, 'again')) === 'env') return 'env'
  }
}

async function problemOf(keep: () => Promise<void>): Promise<CofferError | null> {
  try {
    await keep()
    return null
  } catch (error) {
    if (isCofferError(error, 'VAULT_LOCKED')) return error
    throw error
  }
}

/** How to set the keys without a keychain, the secret itself left out. */
export function byEnvironment({ clientId }: PlaidKeys, platform: NodeJS.Platform): string[] {
  return [
    'Set both where coffer-mcp is started:',
    `  ${assignment('PLAID_CLIENT_ID', clientId, platform)}`,
    `  ${assignment('PLAID_SECRET', '(the secret)', platform)}`,
    'Claude Desktop does not see your shell: coffer-mcp install claude-desktop --with-keys writes them into its file,',
    'in plain text that only you can read.',
  ]
}

/** As a shell of this platform takes it. */
export function assignment(name: string, value: string, platform: NodeJS.Platform): string {
  return platform === 'win32' ? `setx ${name} "${value}"` : `export ${name}='${value}'`
}

/** Where the key that seals bank tokens is to be when there is no keychain for it either: the value of COFFER_KEY, or null for a passphrase. */
export async function askForSealing(dialogue: Dialogue): Promise<string | null> {
  const choices = [
    { value: 'passphrase', label: 'A passphrase', hint: 'which I set as TOKEN_ENCRYPTION_KEY' },
    { value: 'file', label: 'A file of my own', hint: 'that belongs in no backup of the data' },
  ] as const
  const message =
    'Bank tokens are sealed with a key, which has no place without a keychain. Where is it to be?'
  if ((await dialogue.choose(message, choices, 'passphrase')) === 'passphrase') return null
  const path = await dialogue.text(
    'Path of the key file',
    join(userHome({}), '.coffer-mcp.key'),
    problemWithFile,
  )
  return `file:${path}`
}

function problemWithFile(path: string): string | undefined {
  const { success } = settings.key.schema.safeParse(`file:${path}`)
  return success ? undefined : 'It must be an absolute path.'
}
