/** Income of one account on one day, in minor units. */
export interface IncomeDay {
  readonly itemId: string
  readonly accountId: string
  readonly date: string
  readonly currency: string
  readonly sum: number
}

/** A bill that grew, by where it was booked and its prices, and when it was there to be seen. Minor units, negative = out. */
export interface SeenBill {
  readonly itemId: string
  readonly accountId: string
  readonly currency: string
  readonly previous: number
  readonly amount: number
  readonly seenOn: string
}

/** How the household stood in a snapshot. */
export interface Seen {
  readonly at: string
  /** `knownFrom`: the first day of which its transactions were known; null: of none. `billsSince`: bills that grew after it are news. */
  readonly connections: readonly {
    readonly itemId: string
    readonly status: string
    readonly knownFrom: string | null
    readonly billsSince: string
  }[]
  readonly income: readonly IncomeDay[]
  readonly bills: readonly SeenBill[]
}
