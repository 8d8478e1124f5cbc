import type { App } from '../../app.ts'
import { type Config, mayAskPlaid } from '../../config.ts'
import { isCofferError } from '../../errors.ts'
import { exitCodes } from '../command.ts'
import { failed, type Finding } from './finding.ts'

const check = 'Plaid keys'

/** Where the keys come from, and what Plaid says of them. */
export async function keysAtPlaid(ask: App['plaid']['checkKeys'], config: Config): Promise<Finding> {
  if (!mayAskPlaid(config)) return noKeys
  try {
    const { ok, fits } = await ask()
    const where = `${config.environment}${sourceOf(config)}`
    if (ok) return { check, ok, says: `accepted in ${where}` }
    const fix =
      fits === null
        ? 'Copy both from the Plaid dashboard again: coffer-mcp setup asks for them.'
        : `They fit the other environment: set PLAID_ENV=${fits}.`
    return { check, ok, says: `refused in ${where}`, fix, code: exitCodes.refused }
  } catch (error) {
    return notAnswered(error, config)
  }
}

/** Keys that cannot be had are no fault of Plaid's, and another program's silence neither. */
function notAnswered(error: unknown, { demo, baseUrl }: Config): Finding {
  const isOurs = isCofferError(error, 'VAULT_LOCKED') || isCofferError(error, 'NOT_CONFIGURED')
  if (isOurs && !demo) return failed(check, error)
  const finding = failed('Plaid', error)
  if (demo || baseUrl === null) return finding
  const fix = `PLAID_BASE_URL leads to ${baseUrl}: let what belongs there answer, or take that setting away.`
  return { ...finding, fix }
}

function sourceOf({ demo, keys }: Config): string {
  if (demo) return ''
  return keys === null ? ', from the keychain' : ', from the environment'
}

export const noKeys: Finding = {
  check,
  ok: false,
  says: 'PLAID_CLIENT_ID and PLAID_SECRET are not both set, and none are in the keychain',
  fix: 'Run coffer-mcp setup, or get both from the Plaid dashboard (Developers > Keys) and set them in the environment.',
  code: exitCodes.notConfigured,
}
