import { join } from 'node:path'
import { type Config, readConfigFile } from '../../config.ts'
import { settings } from '../../settings.ts'
import { secretSettings } from '../client-config.ts'
import type { Finding } from './finding.ts'

const known = new Set(Object.values(settings).map(({ variable }) => variable))

/** Names in config.json that nobody reads, as one that is misspelt, and secrets, which are in the keychain or nowhere. */
export function settingsFileOf({ home }: Pick<Config, 'home'>): Finding[] {
  const path = join(home, 'config.json')
  const file = readConfigFile(path)
  const unknown = Object.keys(file).filter((name) => !known.has(name))
  const secrets = Object.keys(secretSettings(file))
  return [
    ...wrong(
      unknown,
      `${path} has what is no setting: ${unknown.join(', ')}`,
      'Mend or remove that; docs/config.md lists the settings.',
    ),
    ...wrong(
      secrets,
      `${path} holds ${secrets.join(', ')} in plain text`,
      'Remove that from the file, and run: coffer-mcp setup',
    ),
  ]
}

function wrong(names: readonly string[], says: string, fix: string): Finding[] {
  return names.length === 0 ? [] : [{ check: 'config.json', ok: false, says, fix }]
}
