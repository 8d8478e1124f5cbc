import { marksIn, type Writer, writers } from './payloads.ts'
import type { Answer } from './asking.ts'

/** In which fields the text of each stranger may stand, and how long it may be. Nothing else of them leaves. */
const homes: Readonly<Record<Writer, readonly string[]>> = {
  account: ['name', 'account', 'key'],
  // The bank's name may stand in our sentences too, and banks are counted by it.
  institution: ['institution', 'institutions', 'text', 'error', 'prompt', 'recommendations'],
  merchant: ['merchant', 'name', 'key', 'examples'],
  security: ['name', 'key'],
  ticker: ['ticker', 'name'],
  transaction: ['name', 'key', 'examples'],
  plaid: [],
}
const longest: Readonly<Record<string, number>> = { name: 140, key: 140, examples: 140, ticker: 24 }
const usual = 64
const sentences = new Set(['text', 'error', 'prompt', 'recommendations'])

const writerOf = new Map<string, string>(Object.entries(writers).map(([writer, letter]) => [letter, writer]))
const forbidden = /[\p{Cc}\p{Cf}\p{DI}\p{Co}\p{Cs}]/u
const markup = /[<>[\]]/

interface Text {
  readonly field: string
  readonly text: string
}

/** What an answer must not have: hidden characters, markup, a stranger's words where they do not belong. */
export function straysIn({ asked, isError, content }: Answer): string[] {
  return textsOf(content, isError ? 'error' : '').flatMap((one) =>
    faultsOf(one).map((fault) => `${asked}: ${fault}`),
  )
}

/** The marks that came through, each where it belongs. */
export function marksOf({ content }: Answer): string[] {
  return textsOf(content, '').flatMap(({ text }) => marksIn(text))
}

function faultsOf({ field, text }: Text): string[] {
  const marks = marksIn(text)
  const lines = sentences.has(field) ? text.replaceAll('\n', ' ') : text
  const isForeign = marks.length > 0 && !sentences.has(field)
  const told = `${field}: ${JSON.stringify(text.slice(0, 160))}`
  return [
    ...(forbidden.test(lines) ? [`a hidden character in ${told}`] : []),
    ...(isForeign && markup.test(text) ? [`markup in ${told}`] : []),
    ...(isForeign && Array.from(text).length > (longest[field] ?? usual) ? [`too long in ${told}`] : []),
    ...(marks.some((mark) => !isAtHome(mark, field)) ? [`a stranger's words in ${told}`] : []),
  ]
}

function isAtHome(mark: string, field: string): boolean {
  const writer = writerOf.get(mark.charAt(2).toLowerCase())
  return Object.entries(homes).some(([name, fields]) => name === writer && fields.includes(field))
}

/** Every text with the name of its field, and every name of a field that is no plain word. */
function textsOf(value: unknown, field: string): Text[] {
  if (typeof value === 'string') return parsed(value, field) ?? [{ field, text: value }]
  if (Array.isArray(value)) return value.flatMap((one) => textsOf(one, field))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => [
    ...(/^\w+$/.test(name)
      ? []
      : [{ field: field === 'institutions' ? field : 'a name of a field', text: name }]),
    ...textsOf(inner, field === 'error' ? field : name),
  ])
}

/** A resource is JSON as text; a prompt is plain text. */
function parsed(text: string, field: string): Text[] | null {
  if (field !== 'text' || !text.startsWith('{')) return null
  return textsOf(JSON.parse(text), '')
}
