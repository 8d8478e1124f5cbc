/**
 * One-to-one matching. Takes the edges in their order where both ends are free, then makes as many more pairs
 * as can be by letting pairs change partners: of four equal transfers on days 1, 3, 4 and 6 the nearest two
 * alone would leave the outer two without a partner.
 *
 * What stays unmatched has no influence on the rest, so the result is the same without it: src/snapshot/keep.ts
 * relies on that.
 *
 * @param edges best first; the graph has two sides
 * @param roots nodes to find a partner for; others are only taken as partners
 * @param partner the pairs so far, both ways; more are added
 * @param most how many pairs may change partners for one more
 */
export function match<T>(
  edges: readonly (readonly [T, T])[],
  roots: readonly T[],
  partner: Map<T, T>,
  most = Number.POSITIVE_INFINITY,
): void {
  for (const [a, b] of edges) {
    if (!partner.has(a) && !partner.has(b)) link(a, b, partner)
  }
  const neighbours = neighboursOf(edges)
  for (const root of roots) {
    if (!partner.has(root)) augment(root, neighbours, partner, most)
  }
}

function link<T>(a: T, b: T, partner: Map<T, T>): void {
  partner.set(a, b)
  partner.set(b, a)
}

function neighboursOf<T>(edges: readonly (readonly [T, T])[]): Map<T, T[]> {
  const neighbours = new Map<T, T[]>()
  const add = (from: T, to: T) => {
    const known = neighbours.get(from)
    if (known === undefined) neighbours.set(from, [to])
    else known.push(to)
  }
  for (const [a, b] of edges) {
    add(a, b)
    add(b, a)
  }
  return neighbours
}

/** Breadth first over alternating paths, so that as few pairs as possible change. */
function augment<T>(
  root: T,
  neighbours: ReadonlyMap<T, readonly T[]>,
  partner: Map<T, T>,
  most: number,
): void {
  const cameFrom = new Map<T, T>()
  const changed = new Map([[root, 0]])
  for (const [node, pairs] of changed) {
    for (const next of neighbours.get(node) ?? []) {
      if (cameFrom.has(next)) continue
      cameFrom.set(next, node)
      const taken = partner.get(next)
      if (taken === undefined) return relink(next, cameFrom, partner)
      if (pairs < most) changed.set(taken, pairs + 1)
    }
  }
}

function relink<T>(free: T, cameFrom: ReadonlyMap<T, T>, partner: Map<T, T>): void {
  let end: T | undefined = free
  while (end !== undefined) {
    const node = cameFrom.get(end)
    if (node === undefined) throw new Error('a path without a beginning')
    const before = partner.get(node)
    link(node, end, partner)
    end = before
  }
}
