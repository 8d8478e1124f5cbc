import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Finding } from './finding.ts'

/** The data directory, and whether another user of this machine could look into it or its files. */
export function rightsOf(home: string, platform: NodeJS.Platform = process.platform): Finding {
  // Windows has no such modes; the directory is below the user's own.
  const open = platform === 'win32' ? [] : openToOthers(home)
  if (open === null)
    return { check: 'data', ok: false, says: `${home} cannot be looked into`, fix: 'Let this user read it.' }
  const [first] = open
  if (first === undefined) return { check: 'data', ok: true, says: home }
  const more = open.length === 1 ? '' : ` and ${open.length - 1} more`
  return {
    check: 'data',
    ok: false,
    says: `others can use ${first}${more}`,
    fix: `Run: chmod -R go= '${home}'`,
  }
}

/** Null when it cannot be looked into. */
function openToOthers(home: string): string[] | null {
  try {
    if (statSync(home, { throwIfNoEntry: false })?.isDirectory() !== true) return []
    const inside = readdirSync(home).map((name) => join(home, name))
    return [home, ...inside].filter(isOpen)
  } catch {
    return null
  }
}

/** One that is gone by now is open to nobody. */
function isOpen(path: string): boolean {
  return ((statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o077) !== 0
}
