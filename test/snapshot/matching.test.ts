import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { match } from '../../src/snapshot/matching.ts'

type Edge = readonly [string, string]

const graph = fc.uniqueArray(
  fc
    .record({ out: fc.integer({ min: 0, max: 5 }), into: fc.integer({ min: 0, max: 5 }) })
    .map(({ out, into }): Edge => [`out${out}`, `in${into}`]),
  { selector: String, maxLength: 20 },
)

function matched(
  edges: readonly Edge[],
  roots: readonly string[] = edges.flat(),
  mostChanged?: number,
): Map<string, string> {
  const partner = new Map<string, string>()
  match(edges, roots, partner, mostChanged)
  return partner
}

/** The most pairs that there can be, by trying everything. */
function most([edge, ...rest]: readonly Edge[]): number {
  if (edge === undefined) return 0
  const without = rest.filter((other) => !other.some((end) => edge.includes(end)))
  return Math.max(most(rest), 1 + most(without))
}

describe('match', () => {
  it('takes the best edge first', () => {
    expect(
      matched([
        ['a', 'y'],
        ['a', 'x'],
      ]),
    ).toEqual(
      new Map([
        ['a', 'y'],
        ['y', 'a'],
      ]),
    )
  })

  it('lets pairs change partners where that makes one more', () => {
    const edges: Edge[] = [
      ['b', 'x'],
      ['a', 'x'],
      ['b', 'y'],
    ]
    expect(matched(edges).get('a')).toBe('x')
    expect(matched(edges).get('b')).toBe('y')
  })

  it('looks for a partner of roots only', () => {
    const edges: Edge[] = [
      ['b', 'x'],
      ['a', 'x'],
      ['b', 'y'],
    ]
    expect(matched(edges, ['b', 'x']).has('a')).toBe(false)
  })

  it('adds to the pairs that are there', () => {
    const partner = new Map([
      ['a', 'x'],
      ['x', 'a'],
    ])
    match(
      [
        ['a', 'x'],
        ['b', 'x'],
        ['a', 'y'],
      ],
      ['b'],
      partner,
    )
    expect(partner.get('b')).toBe('x')
    expect(partner.get('a')).toBe('y')
  })

  it('finds a way along a long chain', () => {
    const links = Array.from({ length: 3_000 }, (_, n): Edge[] => [
      [`out${n + 1}`, `in${n}`],
      [`out${n}`, `in${n}`],
    ])
    const chain: Edge[] = [...links.flat(), ['out3000', 'in3000']]
    expect(matched(chain).size).toBe(2 * 3_001)
  })

  it.each([
    [2, false],
    [3, true],
  ])('with %d pairs that may change finds a way over three: %s', (mostChanged, isFound) => {
    const edges: Edge[] = [0, 1, 2].flatMap((n): Edge[] => [
      [`out${n}`, `in${n}`],
      [`out${n + 1}`, `in${n}`],
    ])
    expect(matched([...edges, ['out0', 'last']], ['out3'], mostChanged).has('last')).toBe(isFound)
  })

  it('is one-to-one along edges, with as many pairs as there can be', () => {
    fc.assert(
      fc.property(graph, (edges) => {
        const partner = matched(edges)
        for (const [node, other] of partner) {
          expect(partner.get(other)).toBe(node)
          expect(edges.some((edge) => edge.includes(node) && edge.includes(other))).toBe(true)
        }
        expect(partner.size).toBe(2 * most(edges))
      }),
      { numRuns: 500 },
    )
  })

  it('is the same without the nodes that stayed alone', () => {
    fc.assert(
      fc.property(graph, fc.func(fc.boolean()), fc.nat(3), (edges, isRoot, mostChanged) => {
        const roots = [...new Set(edges.flat())].filter((node) => isRoot(node))
        const partner = matched(edges, roots, mostChanged)
        const without = edges.filter((edge) =>
          edge.every((node) => partner.has(node) || roots.includes(node)),
        )
        expect(matched(without, roots, mostChanged)).toEqual(partner)
      }),
      { numRuns: 2_000 },
    )
  })
})
