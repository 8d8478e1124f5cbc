import { hash } from 'node:crypto'

/** 37 letters and digits, upper and lower case, as Plaid's ids are; the same for the same parts. */
export function idOf(...parts: readonly string[]): string {
  return lettersOf(parts).slice(0, 37)
}

/** 15 letters and digits. */
export function requestIdOf(...parts: readonly string[]): string {
  return lettersOf(parts).slice(0, 15)
}

/** A version 4 UUID, as in the tokens. */
export function uuidOf(...parts: readonly string[]): string {
  const hex = hash('sha256', parts.join('\n'))
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

function lettersOf(parts: readonly string[]): string {
  return hash('sha512', parts.join('\n'), 'base64').replaceAll(/[+/=]/g, '')
}
