import { expect, it } from 'vitest'
import { placeOf, nodesOf, type Node, typescriptUnder, isNode } from './tree.ts'

const levels = ['debug', 'info', 'warn', 'error']

/** The name of the event, where this node logs one. */
function eventOf({ type, callee, arguments: args }: Node): string | undefined {
  if (type !== 'CallExpression' || !isNode(callee) || callee.type !== 'MemberExpression') return undefined
  const { object, property } = callee
  const [first] = Array.isArray(args) ? args : []
  if (!isNode(property) || !levels.includes(String(property.name)) || !isNode(first)) return undefined
  return isLog(object) && typeof first.value === 'string' ? first.value : undefined
}

function isLog(object: unknown): boolean {
  if (!isNode(object)) return false
  return object.name === 'log' || (isNode(object.property) && object.property.name === 'log')
}

/** The names of what is logged with it, as far as they are spelled out. */
function fieldsOf({ arguments: args }: Node): string[] {
  const [, fields] = Array.isArray(args) ? args : []
  const properties = isNode(fields) && Array.isArray(fields.properties) ? fields.properties : []
  return properties.flatMap((property) =>
    isNode(property) && isNode(property.key) ? [String(property.key.name)] : [],
  )
}

const events = typescriptUnder('src').flatMap((file) =>
  nodesOf(file).flatMap((node) => {
    const event = eventOf(node)
    return event === undefined ? [] : [{ event, fields: fieldsOf(node), place: placeOf(file, node) }]
  }),
)

it('events in the log are named in one style: what it is about, a dot, what happened', () => {
  expect(events.map(({ event }) => event)).toContain('webhook.refused')
  expect(events.filter(({ event }) => !/^[a-z]+\.[a-z_]+$/.test(event))).toEqual([])
})

/** Nobody is named in a log, nor what they have; `name` is that of an error. */
const telling =
  /item_?id|account|transaction|institution|bank|mask|amount|balance|label|person|merchant|token|url|secret|title|text/i

it('no event is told with whom it is about, or with what they have', () => {
  const fields = events.flatMap((one) => one.fields.map((field) => ({ field, place: one.place })))
  expect(fields.map(({ field }) => field)).toContain('link_id')
  expect(fields.filter(({ field }) => telling.test(field))).toEqual([])
})
