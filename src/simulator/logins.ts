import { dayOf } from './clock.ts'
import { checkAccounts } from './products.ts'
import type { World } from './world.ts'

export interface Credentials {
  readonly institutionId: string
  readonly username: string
  readonly password: string
}

/** Logs in at the bank, or throws as the bank refuses; `products` are those it must have accounts for. */
export function logIn(world: World, login: Credentials, products: readonly string[]): void {
  const { accounts } = world.bankData({ ...login, itemSeed: '', today: dayOf(world.now()) })
  checkAccounts(accounts, products)
}
