import type {
  AccountBase,
  Holding,
  InvestmentTransaction,
  LiabilitiesObject,
  Security,
  Transaction,
} from 'plaid'
import type { Plain } from './shapes.ts'

/** How a person logged in, in the Link page or through `/sandbox/public_token/create`. */
export interface Login {
  readonly institutionId: string
  readonly username: string
  readonly password: string
  /** Every id is derived from this: the same for one Item, others for a second Item of the same login. */
  readonly itemSeed: string
  /** The day by the simulator's clock, YYYY-MM-DD. */
  readonly today: string
}

/** Everything that one login at one bank shows, in Plaid's own shapes. */
export interface BankData {
  readonly accounts: Plain<AccountBase>[]
  /** Newest first, pending ones included; as deep as the bank has them. */
  readonly transactions: Plain<Transaction>[]
  readonly securities: Plain<Security>[]
  readonly holdings: Plain<Holding>[]
  /** Newest first. */
  readonly investmentTransactions: Plain<InvestmentTransaction>[]
  readonly liabilities: Plain<LiabilitiesObject>
}
