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

/** The parts of a span that the others leave out. */
export function without(span: Span, others: readonly Span[]): readonly Span[] {
  return others.reduce<readonly Span[]>(
    (left, other) => left.flatMap((part) => (overlap(part, other) ? outside(part, other) : [part])),
    [span],
  )
}

function overlap(a: Span, b: Span): boolean {
  return a.from <= b.to && b.from <= a.to
}

function outside({ from, to }: Span, other: Span): Span[] {
  return [
    ...(from < other.from ? [{ from, to: dayBefore(other.from) }] : []),
    ...(to > other.to ? [{ from: dayAfter(other.to), to }] : []),
  ]
}

export function dayBefore(day: string): string {
  return shifted(day, -1)
}

function dayAfter(day: string): string {
  return shifted(day, 1)
}

function shifted(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}
