import type { Chance } from './chance.ts'

const minute = 60_000
const day = 24 * 60 * minute

/** One look at the clock. */
export interface Look {
  readonly kind: 'goes on' | 'is set back' | 'sleeps' | 'holds'
  /** In ms since 1970. */
  readonly at: number
}

/**
 * Some months of looks from a minute to an hour and a quarter apart, over both changes of the clocks and the end of a
 * year. Now and then the machine sleeps for days, or its clock is set back by two hours. What is begun at a look that
 * holds lasts for two minutes, in which the others look too; and soon after they look whether it was cut off.
 */
export function* looksFrom(start: number, chance: Chance): Generator<Look, never> {
  for (let at = start; ; ) {
    const what = chance.next()
    if (what < 0.001) yield { kind: 'sleeps', at: (at += 3 * day + chance.between(0, 1_440) * minute) }
    else if (what < 0.002) yield { kind: 'is set back', at: (at -= 120 * minute) }
    else if (what < 0.97) yield { kind: 'goes on', at: (at += chance.between(1, 75) * minute) }
    else {
      yield { kind: 'holds', at: (at += chance.between(1, 75) * minute) }
      yield { kind: 'holds', at: (at += minute) }
      yield { kind: 'goes on', at: (at += minute) }
      yield { kind: 'goes on', at: (at += 2 * minute) }
    }
  }
}

const quarter = 15 * minute

/**
 * The latest day on which it has been this time of day, on the clock of the zone: `YYYY-MM-DD`. In the hour that comes
 * twice it may have been so the first time.
 */
export function dueDay(at: number, timeOfDay: string, timeZone: string): string {
  const days = [0, 1, 2, 3, 4].map((n) => dueDayAt(at - n * quarter, timeOfDay, timeZone))
  return days.toSorted().at(-1) ?? ''
}

function dueDayAt(at: number, timeOfDay: string, timeZone: string): string {
  const [today = '', time = ''] = wallClock(timeZone).format(at).split(' ')
  return time >= timeOfDay ? today : new Date(Date.parse(today) - day).toISOString().slice(0, 10)
}

const wallClocks = new Map<string, Intl.DateTimeFormat>()

/** Making one is dear. */
function wallClock(timeZone: string): Intl.DateTimeFormat {
  const known = wallClocks.get(timeZone) ?? new Intl.DateTimeFormat('sv-SE', { ...digits, timeZone })
  wallClocks.set(timeZone, known)
  return known
}

const digits = {
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
} as const
