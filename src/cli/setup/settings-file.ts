import { join } from 'node:path'
import { CofferError, isCofferError } from '../../errors.ts'
import { explained, preparePrivateDirectory } from '../../private-files.ts'
import { problemOf } from '../client-config.ts'
import { type ConfigFile, openConfigFile, putInPlace } from '../config-file.ts'
import { removeMember, setMember } from '../json-edit.ts'

/** Settings by the names of their variables; null: it is not to be set there. */
export type Changes = Readonly<Record<string, string | null>>

/** Changes these members of COFFER_HOME/config.json and no other byte of it; a file for this user alone. Returns its path. */
export function changeSettings(home: string, changes: Changes): string {
  const path = join(home, 'config.json')
  preparePrivateDirectory(home)
  const file = openConfigFile(path)
  const problem = file.problem ?? problemOf(file.text)
  if (problem !== null)
    throw new CofferError('BAD_SETTING', `${path} ${problem}.`, { fix: 'Mend or remove that file.' })
  const next = Object.entries(changes).reduce(changed, file.text)
  write(file, next)
  return path
}

function write(file: ConfigFile, next: string): void {
  try {
    explained(file.path, () => putInPlace(file, next, 0o600))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const code = isCofferError(error) ? error.code : 'BAD_SETTING'
    throw new CofferError(code, `The settings were not written to ${file.path}: ${reason}`, {
      fix: 'Mend that and run coffer-mcp setup again; keys that went into the keychain are kept there.',
    })
  }
}

function changed(text: string, [variable, value]: [string, string | null]): string {
  return value === null ? removeMember(text, [variable]) : setMember(text, [variable], value)
}
