import type { Login } from './bank-data.ts'
import type { PlainBankData } from './shapes.ts'

/** Enough for some hundred Items, each on two days. */
const KEPT = 500

type BankData = (login: Login) => PlainBankData

/** Works out each login's data of each day once. Refusals are not kept. */
export function createBankCache(bankDataOf: BankData): BankData {
  const known = new Map<string, PlainBankData>()
  return (login) => {
    const key = JSON.stringify(login)
    const cached = known.get(key)
    if (cached !== undefined) return cached

    const data = bankDataOf(login)
    known.set(key, data)
    const [oldest] = known.keys()
    if (known.size > KEPT && oldest !== undefined) known.delete(oldest)
    return data
  }
}
