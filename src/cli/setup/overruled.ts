import { settings } from '../../settings.ts'
import type { KeysPlace } from './keep.ts'
import type { Changes } from './settings-file.ts'

export interface Settled {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly changes: Changes
  readonly place: KeysPlace
}

/** What this shell sets otherwise, and so wins over what was settled: one line for each, with what to do. */
export function overruled({ env, changes, place }: Settled): string[] {
  const lines = Object.entries(changes).flatMap(([variable, value]) => {
    const set = env[variable]?.trim() ?? ''
    return set === '' || set === value
      ? []
      : [`${variable}=${set} is set in this shell, and wins: unset it there.`]
  })
  return place === 'keychain' ? [...lines, ...inShell(env)] : lines
}

function inShell(env: Settled['env']): string[] {
  const names = [settings.clientId.variable, settings.secret.variable]
  const areSet = names.every((name) => (env[name]?.trim() ?? '') !== '')
  return areSet ? [`${names.join(' and ')} are set in this shell too, and win there: unset them.`] : []
}
