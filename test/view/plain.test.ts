import { describe, expect, it } from 'vitest'
import { sentencesOf } from '../../src/errors.ts'
import { errorTable } from '../../src/plaid/error-table.ts'
import { nextStepFor, nextStepText } from '../../src/tools/next-step.ts'
import { tools } from '../../src/tools/index.ts'
import { plain, toolNames } from '../../src/view/plain.ts'
import { connection } from '../store/rows.ts'

const statuses = ['needs_reauth', 'expiring', 'preparing', 'bank_issue', 'expired', 'revoked'] as const
const lockedOut = { status: 'bank_issue', reason: 'ITEM_LOCKED' } as const

it('every tool is known by its name', () => {
  expect(tools.map(({ name }) => name).filter((name) => !toolNames.test(name))).toEqual([])
})

describe('what a person reads', () => {
  const rows = [...statuses.map((status) => connection({ status })), connection(lockedOut)]

  it.each(rows)('of a connection that is $status names no tool and no id', (row) => {
    for (const told of [nextStepFor(row, false)?.text, nextStepText(row, false)]) {
      const text = plain(told ?? '')
      expect(text).toContain(row.institution)
      expect(text).not.toMatch(/[a-z]_[a-z]|item_id|open its link/)
    }
  })

  it('of every error says what happened', () => {
    for (const { text: message, fix } of errorTable.values()) {
      const text = plain(sentencesOf({ message, fix }))
      expect(text).toMatch(/^\S+ /)
      expect(text).not.toMatch(toolNames)
    }
  })

  it.each([
    [
      'Bank has bank accounts, but their investments are not shared: call start_reauth with item_id=x and add_products=["investments"] (Plaid may bill it).',
      'Bank has bank accounts, but their investments are not shared; they can be asked for from the chat (Plaid may bill it).',
    ],
    [
      'A new login often helps. Call check_connection with item_id=x, and if nothing newer comes of it start_reauth with item_id=x and force=true.',
      'A new login often helps. It can be started from the chat.',
    ],
    ['And 3 more, earlier; search_transactions has them.', 'And 3 more, earlier.'],
    [
      'No bank is connected yet. Call connect_bank and give the person the link.',
      'No bank is connected yet.',
    ],
    [
      'J.P. Morgan Chase & Co. is fine. So is snake_case_bank.',
      'J.P. Morgan Chase & Co. is fine. So is snake_case_bank.',
    ],
  ])('%s', (told, read) => {
    expect(plain(told)).toBe(read)
  })
})
