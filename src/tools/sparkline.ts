const bars = '▁▂▃▄▅▆▇█'.split('')
/** What fits a line of text. */
const widest = 60

/** The course of the values as one line of text, the lowest of them at the bottom. For the eye, not to reckon with. */
export function sparkline(values: readonly number[]): string {
  const shown = evenly(values, widest)
  const [low, high] = [Math.min(...shown), Math.max(...shown)]
  return shown.map((value) => bars[levelOf(value, low, high)]).join('')
}

/** What never moved runs through the middle. */
function levelOf(value: number, low: number, high: number): number {
  const top = bars.length - 1
  return low === high ? Math.floor(top / 2) : Math.round(((value - low) / (high - low)) * top)
}

/** At most `most` of them, evenly spread, the first and the last among them. */
export function evenly<T>(all: readonly T[], most: number): readonly T[] {
  if (all.length <= most || most < 2) return all.length <= most ? all : all.slice(-1)
  const places = Array.from({ length: most }, (_, place) =>
    Math.round((place * (all.length - 1)) / (most - 1)),
  )
  return places.flatMap((place) => all.slice(place, place + 1))
}
