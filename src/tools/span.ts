import { CofferError } from '../errors.ts'
import type { Span } from '../model.ts'
import { addDays, daysBetween } from '../snapshot/index.ts'
import { day } from './days.ts'

export const fromDay = day.optional().describe('First day, YYYY-MM-DD')
export const toDay = day.optional().describe('Last day; default today')

const longest = 730
/** How far back anything can be known. */
const furthest = 2_557

interface Asked {
  readonly from?: string | undefined
  readonly to?: string | undefined
}

/**
 * The days asked for, both ends included, none after today. @param back how many days before its end the span
 * begins where no first day is given
 * @throws CofferError INVALID_ARGUMENTS that says what is wrong with them
 */
export function spanOf(asked: Asked, today: string, back: number): Span {
  const to = asked.to === undefined || asked.to > today ? today : asked.to
  const from = asked.from ?? addDays(to, -back)
  if (from > today) throw refused(`from (${from}) is after today`, `Today is ${today}.`)
  if (to < from) throw refused(`to (${to}) is before from (${from})`, 'from is the earlier of the two.')
  if (daysBetween(from, to) >= longest) {
    throw refused(`${from} to ${to} is longer than ${longest} days`, 'Ask for a shorter span, or several.')
  }
  if (daysBetween(from, today) >= furthest) {
    throw refused(`from (${from}) is too long ago`, `The earliest is ${addDays(today, 1 - furthest)}.`)
  }
  return { from, to }
}

function refused(problem: string, fix: string): CofferError {
  return new CofferError('INVALID_ARGUMENTS', `${problem}.`, { fix })
}
