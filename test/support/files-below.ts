import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Every byte of every file below, as text; each file by itself. */
export function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
}
