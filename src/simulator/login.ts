import type { BankData, Login } from './bank-data.ts'
import { customUser } from './custom-user.ts'
import { isPlaidErrorCode, type PlaidErrorCode, plaidFailure } from './failure.ts'
import { householdOf } from './household.ts'
import { householdAt } from './household-banks.ts'
import { golden, goldenSetOf } from './household-golden.ts'
import { institutionOf } from './institutions.ts'
import { dynamicUser, manyUser } from './sandbox-users.ts'

/** Banks of the Sandbox at which nobody gets in. */
const refusals: Readonly<Record<string, PlaidErrorCode>> = {
  ins_132361: 'INSTITUTION_DOWN',
  ins_133402: 'INSTITUTION_NO_LONGER_SUPPORTED',
}

const users: Readonly<Record<string, (login: Login) => BankData>> = {
  user_good: goodUser,
  user_golden: goldenUser,
  user_custom: customUser,
  user_transactions_dynamic: (login) => (login.password === '' ? refuse() : dynamicUser(login)),
  user_many: manyUser,
}

/**
 * What a bank shows for a login: the same for the same login on the same day. Throws `PlaidFailure` as the
 * bank refuses it; a password `error_<CODE>` asks for that refusal.
 */
export function bankDataOf(login: Login): BankData {
  if (institutionOf(login.institutionId) === undefined) throw plaidFailure('INVALID_INSTITUTION')
  const refusal = refusals[login.institutionId] ?? askedFor(login.password)
  if (refusal !== undefined) throw plaidFailure(refusal)
  const user = Object.hasOwn(users, login.username) ? users[login.username] : undefined
  return (user ?? refuse)(login)
}

/** Whoever banks there; the username is the seed of their life. */
function goodUser(login: Login): BankData {
  const { institutionId, username, password } = login
  return password === 'pass_good' ? householdOf(householdAt(institutionId, username), login) : refuse()
}

/** The household that figures are measured on; the password says which of them, such as `clean USD 1`. */
function goldenUser(login: Login): BankData {
  const set = goldenSetOf(login.password)
  if (set === null) return refuse()
  const household = golden(set)
  const banksHere = household.accounts.some((account) => account.institutionId === login.institutionId)
  return banksHere ? householdOf(household, login) : refuse()
}

function askedFor(password: string): PlaidErrorCode | undefined {
  const code = /^error_(.+)$/.exec(password)?.[1]
  return code !== undefined && isPlaidErrorCode(code) ? code : undefined
}

function refuse(): never {
  throw plaidFailure('INVALID_CREDENTIALS')
}
