import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { State } from './state.ts'

/** Keeps the state in a file of mode 0600; a crash leaves the old file or the new one, never half of one. */
export interface StateFile {
  /** Null when there is nothing stored yet. */
  load(): State | null
  /** Does nothing when nothing changed. */
  save(state: State): void
}

export function openStateFile(path: string | undefined): StateFile {
  if (path === undefined) return { load: () => null, save: () => undefined }
  let stored = existsSync(path) ? readFileSync(path, 'utf8') : null
  return {
    load: () => (stored === null ? null : read(stored)),
    save(state) {
      const text = JSON.stringify(state)
      if (text === stored) return
      writeFileSync(`${path}.new`, text, { mode: 0o600 })
      renameSync(`${path}.new`, path)
      stored = text
    },
  }
}

function read(text: string): State {
  // Only this program writes the file, and by rename, so a file of this version is a whole State.
  const state = JSON.parse(text) as State
  if (state.version !== 1) throw new Error('the simulator state file is of another version')
  return state
}
