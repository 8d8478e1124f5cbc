import { describe, expect, it } from 'vitest'
import { isNode, type Node, nodesOf, placeOf, type SourceFile, typescriptUnder } from './tree.ts'

/**
 * Where amounts are worked with: they are whole minor units there, and no floating-point number takes part.
 * The database drivers hand them through.
 */
const moneyCode = typescriptUnder('src').filter(({ path }) =>
  /^src\/(money\.ts$|(snapshot|sync|store)\/(?!drivers\/))/.test(path),
)

/** What is rounded or parted there and is no amount, with its reason. */
const allowed: readonly (readonly [path: string, code: RegExp, reason: string])[] = [
  ['src/snapshot/cadence.ts', /./, 'days, months and turns'],
  ['src/snapshot/health.ts', /./, 'points from 0 to 100'],
  ['src/snapshot/search.ts', /^(9e15 \/ )?10 \*\* digitsOf\(currency\)$/, 'what a person looks for, bounded'],
  ['src/snapshot/totals.ts', /^scale\(.*\) \/ 100$/, 'months that the money lasts, to two decimals'],
]

describe('where amounts are worked with', () => {
  it('nothing multiplies by a power of ten, rounds a float or reads one from text', () => {
    expect(moneyCode.length).toBeGreaterThan(30)
    expect(moneyCode.flatMap(floatsIn)).toEqual([])
  })
})

describe('the scanner sees', () => {
  it.each([
    'const cents = amount * 100',
    'const cents = 1e2 * amount',
    'amount *= 1_000',
    'const dollars = cents / 100',
    'const cents = dollars * 10 ** 2',
    'const text = amount.toFixed(2)',
    'const text = amount.toPrecision(3)',
    'const amount = parseFloat(text)',
    'const amount = Number.parseFloat(text)',
    'const cents = Math.round(amount)',
    'const cents = Math.trunc(amount * fee)',
    'const half = amount * 0.5',
  ])('%s', (text) => expect(floatsIn({ path: 'a.ts', text, lines: 1 })).not.toEqual([]))

  it.each([
    'const twice = amount * 2',
    'const size = Math.abs(amount)',
    'const most = Math.max(a, b)',
    'const middle = sorted[Math.floor(sorted.length / 2)]',
    'const hours = Math.ceil(ageMs / hourMs)',
    'const limit = 100',
  ])('no harm in %s', (text) => expect(floatsIn({ path: 'a.ts', text, lines: 1 })).toEqual([]))
})

function floatsIn(file: SourceFile): string[] {
  return nodesOf(file)
    .filter((node) => isFloat(node, file.text) && !isAllowed(node, file))
    .map((node) => placeOf(file, node))
}

function isAllowed(node: Node, { path, text }: SourceFile): boolean {
  const code = codeOf(node, text)
  return allowed.some(([where, what]) => where === path && what.test(code))
}

function isFloat(node: Node, text: string): boolean {
  const { type, left, right, operator } = node
  if (type === 'Literal') return typeof node.value === 'number' && !Number.isInteger(node.value)
  if (type === 'CallExpression') return rounds(node, text)
  const scales = type === 'BinaryExpression' || type === 'AssignmentExpression'
  return scales && /^(\*|\/|\*\*)=?$/.test(String(operator)) && [left, right].some(isPowerOfTen)
}

function isPowerOfTen(side: unknown): boolean {
  if (!isNode(side) || typeof side.value !== 'number') return false
  return side.value >= 10 && Number.isInteger(Math.log10(side.value))
}

/** Of counts, days and times a part is no harm: they are no amounts. */
function rounds(node: Node, text: string): boolean {
  const { callee } = node
  if (!isNode(callee)) return false
  const name = codeOf(callee, text)
  if (/(^|\.)parseFloat$|\.(toFixed|toPrecision)$/.test(name)) return true
  return /^Math\.(round|trunc|floor|ceil|fround)$/.test(name) && !/length|days|ms\b/i.test(codeOf(node, text))
}

function codeOf({ start, end }: Node, text: string): string {
  return text.slice(start, end)
}
