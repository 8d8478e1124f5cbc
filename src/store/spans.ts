import type { Span } from '../model.ts'

/** Whether together they are one span without a gap. */
export function touch(a: Span, b: Span): boolean {
  return a.from <= dayAfter(b.to) && b.from <= dayAfter(a.to)
}

/** The span of all, which must touch one another. */
export function join(spans: readonly Span[]): Span {
  const [first, ...rest] = spans
  if (first === undefined) throw new Error('no spans to join')
  return rest.reduce(
    (all, { from, to }) => ({ from: from < all.from ? from : all.from, to: to > all.to ? to : all.to }),
    first,
  )
}

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
}
