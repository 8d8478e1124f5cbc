import { addDays } from './calendar.ts'
import { categoryOf } from './category.ts'
import { type Chance, chanceOf } from './chance.ts'
import type { Entry } from './household-entry.ts'

/**
 * A month as banks show it at their worst: what arrives comes up to four days later or a day before, one side of a
 * move says nothing of it, purchases of the same sum lie beside it, and Plaid makes nothing of many a row. Which row is what stays as it was.
 */
export function harden(entries: readonly Entry[], seed: string): Entry[] {
  const byKey = new Map(entries.map((entry) => [entry.key, entry]))
  const rows = entries.map((entry) => {
    if (entry.partnerKey === null) return hardRow(entry, chanceOf(seed, 'hard', entry.key))
    const stem = [entry.key, entry.partnerKey].sort().join(' ')
    return hardSide(entry, byKey.get(entry.partnerKey), chanceOf(seed, 'hard', stem))
  })
  const beside = rows.filter(({ kind, cents }) => kind === 'transfer' && cents > 0)
  return [...rows, ...beside.flatMap((row) => trap(row, seed))]
}

const vagueTexts = ['ELECTRONIC ITEM 0417', 'ONLINE BANKING', 'MISC ITEM', 'ACH ITEM 99120'] as const
const vagueCategories = [null, categoryOf('OTHER', 'OTHER', 'LOW')] as const

function vague(entry: Entry, chance: Chance): Entry {
  const text = chance.pick(vagueTexts)
  return { ...entry, text, merchant: null, category: chance.pick(vagueCategories) }
}

/** At most one side is vague: where neither says so, nobody could tell that money was only moved. */
function hardSide(entry: Entry, partner: Entry | undefined, chance: Chance): Entry {
  const vagueSide = chance.pick(['neither', 'neither', 'out', 'in'])
  const near = chance.between(0, 99)
  const isOut = entry.cents > 0
  const shown = vagueSide === (isOut ? 'out' : 'in') ? vague(entry, chance) : entry
  if (isOut || partner === undefined) return shown
  const days = [-1, 0, 1, 2, 3, 4].map((days) => addDays(partner.posted, days)).filter(isWeekday)
  const posted = days[near % days.length] ?? entry.posted
  return { ...shown, happened: posted, posted }
}

function isWeekday(day: string): boolean {
  return ![0, 6].includes(new Date(day).getUTCDay())
}

/** Of every six rows one has lost its category; of those that are neither refunds nor moves, some their text too. */
function hardRow(entry: Entry, chance: Chance): Entry {
  const dice = chance.between(1, 12)
  if (dice > 2) return entry
  const isRefund = entry.kind === 'expense' && entry.cents < 0
  return dice === 1 && !isRefund ? vague(entry, chance) : { ...entry, category: chance.pick(vagueCategories) }
}

const groceries = categoryOf('FOOD_AND_DRINK', 'GROCERIES', 'VERY_HIGH')

/** Beside one move in four something is bought for the same sum. */
function trap(move: Entry, seed: string): Entry[] {
  const chance = chanceOf(seed, 'trap', move.key)
  if (chance.between(1, 4) > 1) return []
  const account = chance.pick([move.account, 'checking', 'tartan-checking', 'card', 'tartan-card'])
  const days = [-2, -1, 0, 1, 2].map((days) => addDays(move.posted, days)).filter(isWeekday)
  const posted = days[chance.between(0, days.length - 1)] ?? move.posted
  const bought: Entry = {
    key: `${move.key} trap`,
    account,
    happened: posted,
    posted,
    cents: move.cents,
    text: 'GREEN BASKET MARKET #214',
    merchant: 'Green Basket Market',
    category: groceries,
    kind: 'expense',
    partner: null,
    partnerKey: null,
  }
  return [chance.between(0, 1) === 0 ? bought : vague(bought, chance)]
}
