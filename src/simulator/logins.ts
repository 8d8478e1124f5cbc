import { dayOf } from './clock.ts'
import { checkAccounts } from './products.ts'
import type { World } from './world.ts'

export interface Credentials {
  readonly institutionId: string
  readonly username: string
  readonly password: string
}

/** Logs in at the bank, or throws as the bank refuses; `products` are those it must have accounts for. */
export function logIn(world: World, itemId: string, login: Credentials, products: readonly string[]): void {
  const { institutionId, username, password } = login
  const today = dayOf(world.now())
  const { accounts } = world.bankData({ institutionId, username, password, itemSeed: itemId, today })
  checkAccounts(accounts, products)
}
