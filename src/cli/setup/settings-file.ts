import { join } from 'node:path'
import { CofferError } from '../../errors.ts'
import { preparePrivateDirectory } from '../../private-files.ts'
import { problemOf } from '../client-config.ts'
import { openConfigFile, putInPlace } from '../config-file.ts'
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
  putInPlace(file, next, 0o600)
  return path
}

function changed(text: string, [variable, value]: [string, string | null]): string {
  return value === null ? removeMember(text, [variable]) : setMember(text, [variable], value)
}
