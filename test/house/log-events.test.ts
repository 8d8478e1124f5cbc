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

const events = typescriptUnder('src').flatMap((file) =>
  nodesOf(file).flatMap((node) => {
    const event = eventOf(node)
    return event === undefined ? [] : [{ event, place: placeOf(file, node) }]
  }),
)

it('events in the log are named in one style: what it is about, a dot, what happened', () => {
  expect(events.map(({ event }) => event)).toContain('webhook.refused')
  expect(events.filter(({ event }) => !/^[a-z]+\.[a-z_]+$/.test(event))).toEqual([])
})
