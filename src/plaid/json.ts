import { CofferError } from '../errors.ts'
import { cleanText, textLimits } from '../text.ts'
import { repeated } from './repeated.ts'

/** An object as Plaid sent it. Its fields are looked at one by one: rows may lack some, and enums grow. */
export type Json = Readonly<Record<string, unknown>>

export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Plaid's request id from any body it sent; safe to show. */
export function requestIdOf(body: unknown): string | undefined {
  const id = isRecord(body) ? body.request_id : undefined
  return typeof id === 'string' && /^[\w-]{1,64}$/.test(id) ? id : undefined
}

/** The object at `key`; an empty one where there is none, so that its fields all read as absent. */
export function objectAt(json: Json, key: string): Json {
  const value = json[key]
  return isRecord(value) ? value : {}
}

/** The list at `key`, by `read`; rows that are no objects or that `read` cannot use are left out. */
export function rowsAt<T>(json: Json, key: string, read: (row: Json) => T | null): T[] {
  const value = json[key]
  return Array.isArray(value) ? readRows(value, read) : []
}

/** Like `rowsAt`, for a list that an answer cannot be without. @throws CofferError PLAID_DOWN */
export function needRowsAt<T>(json: Json, key: string, read: (row: Json) => T | null): T[] {
  const value = json[key]
  if (!Array.isArray(value)) throw malformed(key)
  return readRows(value, read)
}

/** Like `rowsAt`, where a row that is left out would be taken for one that is gone. @throws CofferError PLAID_DOWN */
export function wholeRowsAt<T>(json: Json, key: string, read: (row: Json) => T | null): T[] {
  const value = json[key]
  if (Array.isArray(value) && !value.every(isRecord)) throw malformed(key)
  return rowsAt(json, key, read)
}

/** @throws CofferError PLAID_DOWN when there is none */
export function needed<T>(value: T | null, key: string): T {
  if (value === null) throw malformed(key)
  return value
}

/** @throws CofferError PLAID_DOWN */
export function needTextAt(json: Json, key: string): string {
  const value = json[key]
  if (typeof value !== 'string' || value === '') throw malformed(key)
  return value
}

/** Text that is compared and never shown. */
export function textAt(json: Json, key: string): string | null {
  const value = json[key]
  return typeof value === 'string' && value !== '' ? value : null
}

export function malformed(key: string): CofferError {
  return new CofferError('PLAID_DOWN', `Plaid gave no usable answer. It lacks ${key}.`, {
    fix: 'Try again later; if it stays, update coffer-mcp.',
    retryable: true,
  })
}

/** A number as text counts too. */
export function numberAt(json: Json, key: string): number | null {
  const value = json[key]
  if (typeof value === 'string') return /^-?\d{1,15}(\.\d{1,15})?$/.test(value) ? Number(value) : null
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

const anId = /^[\w-]{1,128}$/

/** One of Plaid's ids. They are case-sensitive. */
export function idAt(json: Json, key: string): string | null {
  return matching(json[key], anId)
}

/** One of a few ids that many rows have, such as that of their account. */
export function sharedIdAt(json: Json, key: string): string | null {
  const value = json[key]
  return typeof value === 'string' ? sharedId(value) : null
}

/** A word of one of Plaid's lists, such as a product or a category. The lists grow, so any word passes. */
export function wordAt(json: Json, key: string): string | null {
  const value = json[key]
  return typeof value === 'string' ? word(value) : null
}

export function wordsAt(json: Json, key: string): string[] {
  const value = json[key]
  return Array.isArray(value) ? value.filter((text) => typeof text === 'string' && word(text) !== null) : []
}

/** YYYY-MM-DD, also of what has a time as well: the day as it is written. */
export function dayAt(json: Json, key: string): string | null {
  const value = json[key]
  return typeof value === 'string' ? day(value) : null
}

const sharedId = repeated((text) => matching(text, anId))
const word = repeated((text) => matching(text, /^\w{1,64}$/))
const day = repeated((text) => {
  const found = matching(text, /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-][\d:]+)?)?$/)?.slice(0, 10) ?? null
  return found !== null && !Number.isNaN(Date.parse(found)) ? found : null
})

/** ISO 8601 in UTC. */
export function timeAt(json: Json, key: string): string | null {
  const value = json[key]
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isNaN(time) ? null : new Date(time).toISOString()
}

/** Text by somebody else, cleaned; null when nothing is left of it. */
export function foreignAt(json: Json, key: string, max: number = textLimits.name): string | null {
  const value = json[key]
  if (typeof value !== 'string') return null
  const text = cleanText(value, max)
  return text === '' ? null : text
}

function readRows<T>(rows: readonly unknown[], read: (row: Json) => T | null): T[] {
  const found: T[] = []
  for (const row of rows) {
    const value = isRecord(row) ? read(row) : null
    if (value !== null) found.push(value)
  }
  return found
}

function matching(value: unknown, pattern: RegExp): string | null {
  return typeof value === 'string' && pattern.test(value) ? value : null
}
