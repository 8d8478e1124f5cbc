import { offeredAccounts } from '../bank.ts'
import { plaidFailure } from '../failure.ts'
import type { ItemState, LinkState } from '../state.ts'
import type { World } from '../world.ts'
import type { AccountChoice } from './page.ts'
import { itemOfLink } from './sessions.ts'

/** The bank's accounts where update mode lets the person choose; what is shared and what is new is ticked at first. */
export function accountChoices(
  world: World,
  link: LinkState,
  ticked: readonly string[] | null,
): AccountChoice[] {
  const item = chosenFor(world, link)
  if (item === null) return []
  return offeredAccounts(world, item).map(({ account_id, name, mask }) => ({
    id: account_id,
    name: mask === null ? name : `${name} (${mask})`,
    isChosen: ticked?.includes(account_id) ?? !item.revokedAccounts.includes(account_id),
  }))
}

/** Refuses a choice of nothing. */
export function checkChoice(link: LinkState, ticked: readonly string[]): void {
  if (link.accountSelection && link.itemId !== null && ticked.length === 0) throw plaidFailure('NO_ACCOUNTS')
}

/** From now on the Item has the accounts that were ticked and no others. */
export function shareChosen(world: World, link: LinkState, ticked: readonly string[]): void {
  const item = chosenFor(world, link)
  if (item === null) return
  const offered = offeredAccounts(world, item).map(({ account_id }) => account_id)
  item.revokedAccounts = offered.filter((id) => !ticked.includes(id))
  for (const added of item.newAccounts) added.shared = true
}

function chosenFor(world: World, link: LinkState): ItemState | null {
  return link.accountSelection ? itemOfLink(world, link) : null
}
