import { z } from 'zod'
import { CofferError } from '../errors.ts'

/** A day of the calendar. z.iso.date() would put 240 characters into every listing. */
export const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, { error: 'must be a day such as 2026-11-02' })
  .refine(isOnCalendar, { error: 'is no day of the calendar' })

function isOnCalendar(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

/** Throws INVALID_ARGUMENTS when it ends before it begins. */
export function mustNotEndBefore(from: string | undefined, to: string | undefined): void {
  if (from === undefined || to === undefined || from <= to) return
  throw new CofferError('INVALID_ARGUMENTS', `from (${from}) is after to (${to}).`, {
    fix: 'Swap them, or leave one of them out.',
  })
}
