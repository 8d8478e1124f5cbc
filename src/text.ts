import { stripVTControlCharacters } from 'node:util'

/** How much of a foreign text is kept, in characters. */
export const textLimits = { name: 64, memo: 140 } as const

// Line breaks and tabs part words, so they become spaces; the other control characters just go.
// (The zero-width U+FEFF counts as white space in JavaScript alone.)
const spaces = /[[\s\u0085]--\ufeff]+/gv

// Control (Cc), format such as bidi and zero-width (Cf), what fonts do not draw: variation selectors, tags,
// fillers (DI), private use (Co) and lone surrogates (Cs). All of them can hide words from a person that a
// model still reads.
const unseen = /[\p{Cc}\p{Cf}\p{DI}\p{Co}\p{Cs}]/gu

// Brackets are what makes markup: HTML tags, Markdown links and images. The look-alikes make none.
const lookalikes: Readonly<Record<string, string>> = { '<': '‹', '>': '›', '[': '(', ']': ')' }

// Nothing of the above can be in it: words of printable ASCII without brackets, one space between them. Most
// names of merchants are such text, and a history has thousands.
const ordinary = /^[!-;=?-Z\\^-~]+(?: [!-;=?-Z\\^-~]+)*$/

/**
 * Text that a stranger wrote (a merchant, a memo, a bank's name), fit to be shown as data: one line of
 * visible characters, without markup, at most `max` characters long. May come out empty.
 */
export function cleanText(text: string, max: number): string {
  if (text.length <= max && ordinary.test(text)) return text
  const seen = stripVTControlCharacters(text).replace(spaces, ' ').replace(unseen, '')
  const plain = seen.replace(/[<>[\]]/g, (bracket) => lookalikes[bracket] ?? '')
  const line = plain.normalize('NFC').replace(spaces, ' ').trim()
  return Array.from(line).slice(0, max).join('').trim()
}
