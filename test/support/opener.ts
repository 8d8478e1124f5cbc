import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The programs of a Linux desktop that open things, in the place of which nothing is opened but noted. */
export interface Opener {
  /** Puts them before all others. */
  readonly env: Readonly<Record<string, string>>
  /** What was to be opened, in turn. */
  readonly opened: () => readonly string[]
}

/** @param browser the name of its entry on the desktop, such as firefox.desktop */
export function openerIn(folder: string, browser = 'firefox.desktop'): Opener {
  const programs = join(folder, 'programs')
  const notes = join(folder, 'opened')
  mkdirSync(programs)
  const program = (name: string, does: string) => {
    writeFileSync(join(programs, name), `#!/bin/sh\n${does}\n`)
    chmodSync(join(programs, name), 0o755)
  }
  program('xdg-open', `printf '%s\\n' "$@" >> '${notes}'`)
  program('xdg-settings', `echo '${browser}'`)
  return {
    env: { COFFER_OPEN: 'on', PATH: `${programs}${delimiter}${process.env.PATH ?? ''}` },
    opened: () => (existsSync(notes) ? readFileSync(notes, 'utf8').trim().split('\n') : []),
  }
}
