import { CofferError } from '../errors.ts'

export function toFlag(value: boolean): number {
  return value ? 1 : 0
}

export function toList(values: readonly string[]): string {
  return JSON.stringify(values)
}

export function fromFlag(value: number): boolean {
  return value !== 0
}

/** Rejects a list that was not written by `toList`. */
export function fromList(text: string): readonly string[] {
  const list = parse(text)
  if (Array.isArray(list) && list.every((value) => typeof value === 'string')) return list
  throw new CofferError('DATABASE_DAMAGED', 'A list in the database cannot be read.', {
    fix: 'Keep the file, and restore COFFER_HOME from a backup.',
  })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Databases limit the values of one statement: many rows go in parts. */
export function* parts<T>(rows: readonly T[]): Generator<readonly T[]> {
  const size = 500
  for (let start = 0; start < rows.length; start += size) yield rows.slice(start, start + size)
}
