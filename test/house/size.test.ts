import { describe, expect, it } from 'vitest'
import {
  isNode,
  linesOf,
  type Node,
  nodesOf,
  placeOf,
  quantile,
  type SourceFile,
  typescriptUnder,
} from './tree.ts'

const source = typescriptUnder('src')
const tests = typescriptUnder('test')

describe('files', () => {
  it.each([
    ['src', source],
    ['test', tests],
    ['bench', typescriptUnder('bench')],
  ])('under %s have 350 lines at most', (_folder, files) => {
    expect(files.filter(({ lines }) => lines > 350).map(({ path, lines }) => `${path} ${lines}`)).toEqual([])
  })

  it('under src are small: half of them 80 lines at most, nine in ten 200', () => {
    const lines = source.map((file) => file.lines)
    expect(quantile(lines, 0.5)).toBeLessThanOrEqual(80)
    expect(quantile(lines, 0.9)).toBeLessThanOrEqual(200)
  })

  it('have at least as many lines of test as of source', () => {
    expect(total(tests)).toBeGreaterThanOrEqual(total(source))
  })
})

describe('functions under src', () => {
  const functions = source.flatMap(functionsOf)
  const lines = functions.map((one) => one.lines)

  it('have 60 lines at most', () => {
    expect(functions.filter((one) => one.lines > 60).map(({ place, lines }) => `${place} ${lines}`)).toEqual(
      [],
    )
  })

  it('are small: half of them 8 lines at most, nine in ten 30', () => {
    expect(quantile(lines, 0.5)).toBeLessThanOrEqual(8)
    expect(quantile(lines, 0.9)).toBeLessThanOrEqual(30)
  })
})

function total(files: readonly SourceFile[]): number {
  return files.reduce((sum, { lines }) => sum + lines, 0)
}

/** One-line closures are left out: they are many, and would make any median look good. */
function functionsOf(file: SourceFile) {
  return nodesOf(file)
    .filter((node) => isFunction(node))
    .map((node) => ({ place: placeOf(file, node), lines: linesOf(file.text.slice(node.start, node.end)) }))
    .filter(({ lines }) => lines > 1)
}

function isFunction({ type, body }: Node): boolean {
  return /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(type) && isNode(body)
}
