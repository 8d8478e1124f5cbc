import type { BankData, Login } from './bank-data.ts'
import { customAccount, customTransactions } from './custom-user-account.ts'
import { type CustomUserFile, readCustomUser } from './custom-user-file.ts'
import { customBookings, customHoldings, customSecurities } from './custom-user-investments.ts'
import { customLiabilities } from './custom-user-liabilities.ts'
import { dayShift } from './custom-user-shift.ts'
import { isPlaidErrorCode, plaidFailure } from './failure.ts'
import { idOf } from './ids.ts'

/** What `user_custom` shows: the accounts of a file of Plaid's format, its dates laid to end at today. */
export function customUser(login: Login): BankData {
  const file = readCustomUser(login.password)
  if (file === undefined) throw plaidFailure('INVALID_CREDENTIALS')
  refuseIfAsked(file)
  const accounts = file.override_accounts.filter((account) => account.type !== 'payroll')
  const shift = dayShift(accounts, login.today)
  const owned = accounts.map((account, index) => ({
    account,
    index,
    id: idOf(login.itemSeed, 'account', String(index)),
  }))
  return {
    accounts: owned.map(customAccount),
    transactions: owned
      .flatMap((each) => customTransactions(each, login, shift))
      .toSorted((a, b) => b.date.localeCompare(a.date)),
    securities: customSecurities(accounts, shift),
    holdings: owned.flatMap((each) => customHoldings(each, shift)),
    investmentTransactions: owned
      .flatMap((each) => customBookings(each, login.itemSeed, shift))
      .toSorted((a, b) => b.date.localeCompare(a.date)),
    liabilities: customLiabilities(owned, login.today, shift),
  }
}

function refuseIfAsked({ force_error: code }: CustomUserFile): void {
  if (code !== undefined && isPlaidErrorCode(code)) throw plaidFailure(code)
}
