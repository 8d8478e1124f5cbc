import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { type Account, accountsOf } from '../bank.ts'
import { isoTime } from '../clock.ts'
import { dataEndpoint } from '../endpoint.ts'
import { plaidFailure } from '../failure.ts'
import { itemView } from '../item-view.ts'
import { troubleOf } from '../items.ts'
import type { World } from '../world.ts'
import { accessToken, accountsOption } from './fields.ts'

const CAPITAL_ONE = 'ins_128026'
const CAPITAL_ONE_EVERY_MS = 3_600_000

const cached = dataEndpoint(
  '/accounts/get',
  z.strictObject({ access_token: accessToken, options: accountsOption }),
  (item, { options }, world) => ({
    accounts: accountsOf(world, item, options?.account_ids),
    item: itemView(world, item),
  }),
)

const live = dataEndpoint(
  '/accounts/balance/get',
  z.strictObject({
    access_token: accessToken,
    options: z
      .strictObject({
        account_ids: z.array(z.string()).optional(),
        min_last_updated_datetime: z.iso.datetime({ offset: true }).optional(),
      })
      .optional(),
  }),
  async (item, { options }, world) => {
    // A live balance needs the bank, so an Item in trouble never has one.
    const trouble = troubleOf(world, item)
    if (trouble !== null) throw plaidFailure(trouble.code)

    const accounts = accountsOf(world, item, options?.account_ids)
    const balances =
      item.institutionId === CAPITAL_ONE
        ? capitalOne(world, accounts, options?.min_last_updated_datetime)
        : accounts
    await sleep(world.state.settings.balanceLatencyMs, undefined, { ref: false })
    return { accounts: balances, item: itemView(world, item) }
  },
)

/** Capital One gives no live balance of a card or loan: only the last one it sent, and when it did. */
function capitalOne(world: World, accounts: readonly Account[], oldest: string | undefined): Account[] {
  const isLive = accounts.every(({ type }) => type === 'depository')
  if (oldest === undefined && !isLive) throw missingMinimum()

  const updated = Math.floor(world.now() / CAPITAL_ONE_EVERY_MS) * CAPITAL_ONE_EVERY_MS
  const last_updated_datetime = isoTime(updated)
  if (oldest !== undefined && Date.parse(oldest) > updated) {
    throw plaidFailure('LAST_UPDATED_DATETIME_OUT_OF_RANGE', {
      message: `requested datetime out of range, most recently updated balance ${last_updated_datetime}`,
    })
  }
  return accounts.map((account) => ({
    ...account,
    balances: { ...account.balances, last_updated_datetime },
  }))
}

function missingMinimum() {
  return plaidFailure('INVALID_FIELD', {
    message: 'options.min_last_updated_datetime is required for this institution and these accounts',
  })
}

export const accountEndpoints = [cached, live]
