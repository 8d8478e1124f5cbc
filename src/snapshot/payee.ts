import type { FlowRow } from './row.ts'

/**
 * Who money went to or came from, in lower case: the merchant, else the bank's text without the dates, card and
 * reference numbers that differ from one time to the next. '' for rows without their transaction.
 */
export function payeeOf({ merchant, transaction }: FlowRow): string {
  if (transaction === null) return ''
  if (merchant !== null) return merchant
  const name = transaction.name.toLowerCase()
  const words = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '' && !/\p{N}/u.test(word))
  return words.length === 0 ? name : words.join(' ')
}
