import type {
  Account,
  BalanceDay,
  Connection,
  FlowDay,
  FlowMove,
  Holding,
  Liability,
  TotalsDay,
  Transaction,
} from '../../src/model.ts'
import type { Link } from '../../src/store/index.ts'

export function connection(changes: Partial<Connection> = {}): Connection {
  return {
    itemId: 'item-1',
    environment: 'sandbox',
    institution: 'First Bank',
    institutionId: 'ins_1',
    label: 'Ours',
    person: 'Ada',
    status: 'active',
    reason: null,
    deadline: null,
    warning: null,
    awaitingData: false,
    consentExpirationTime: null,
    repairedAt: null,
    errorSentAt: null,
    warningSentAt: null,
    answeredDeadline: '2026-12-01T00:00:00.000Z',
    newAccounts: true,
    products: ['transactions', 'liabilities'],
    consentedProducts: [],
    createdAt: '2026-11-01T10:00:00.000Z',
    lastUsedAt: null,
    lastSyncedAt: '2026-11-02T10:00:00.000Z',
    lastCheckedAt: null,
    dataAsOf: '2026-11-02T09:00:00.000Z',
    syncError: null,
    dirtySince: null,
    replacedBy: null,
    removingSince: null,
    removalCause: null,
    removalTriedAt: null,
    ...changes,
  }
}

export function account(changes: Partial<Account> = {}): Account {
  return {
    accountId: 'acc-1',
    itemId: 'item-1',
    name: 'Checking',
    mask: '0000',
    type: 'depository',
    subtype: 'checking',
    currency: 'USD',
    current: 110_000,
    available: 100_000,
    limit: null,
    persistentAccountId: null,
    dataAsOf: null,
    sameAs: null,
    ...changes,
  }
}

export function holding(changes: Partial<Holding> = {}): Holding {
  return {
    itemId: 'item-1',
    accountId: 'acc-1',
    securityId: 'sec-1',
    ticker: 'BTC',
    name: 'Bitcoin',
    type: 'cryptocurrency',
    quantity: '0.00012345678901234567',
    price: '93017.5',
    priceAsOf: '2026-11-02',
    value: 1_148,
    costBasis: null,
    currency: 'USD',
    ...changes,
  }
}

export function liability(changes: Partial<Liability> = {}): Liability {
  return {
    itemId: 'item-1',
    accountId: 'acc-1',
    kind: 'credit',
    apr: '21.99',
    minimumPayment: 3_500,
    nextPaymentDueOn: '2026-11-25',
    lastStatementBalance: 104_210,
    lastStatementIssuedOn: '2026-10-31',
    isOverdue: false,
    currency: 'USD',
    ...changes,
  }
}

export function flowDay(changes: Partial<FlowDay> = {}): FlowDay {
  return {
    itemId: 'item-1',
    accountId: 'acc-1',
    date: '2026-11-02',
    currency: 'USD',
    kind: 'expense',
    sum: -4_200,
    count: 3,
    ...changes,
  }
}

export function flowMove(changes: Partial<FlowMove> = {}): FlowMove {
  return {
    itemId: 'item-1',
    accountId: 'acc-1',
    date: '2026-11-02',
    currency: 'USD',
    amount: -50_000,
    look: 'transfer',
    pending: false,
    rule: null,
    ...changes,
  }
}

export function balanceDay(changes: Partial<BalanceDay> = {}): BalanceDay {
  return {
    itemId: 'item-1',
    accountId: 'acc-1',
    date: '2026-11-02',
    currency: 'USD',
    current: 110_000,
    ...changes,
  }
}

export function totalsDay(changes: Partial<TotalsDay> = {}): TotalsDay {
  return {
    takenAt: '2026-11-02T10:00:00.000Z',
    date: '2026-11-02',
    currency: 'USD',
    bankBalance: 110_000,
    creditOwed: 20_000,
    loansOwed: 0,
    investments: 5_000,
    netWorth: 95_000,
    netCashFlow: -3_000,
    monthlyBurn: -3_000,
    complete: true,
    ...changes,
  }
}

export function link(changes: Partial<Link> = {}): Link {
  return {
    linkId: 'link-1',
    itemId: null,
    environment: 'sandbox',
    mode: 'new',
    state: 'open',
    exited: false,
    sealedLinkToken: 'sealed link token',
    sealedUrl: 'sealed url',
    broken: false,
    addAccounts: true,
    addProducts: ['investments'],
    products: [],
    label: null,
    person: null,
    replaces: null,
    duplicateOf: null,
    keep: true,
    sealedPublicToken: null,
    createdAt: '2026-11-02T10:00:00.000Z',
    expiresAt: '2026-11-02T14:00:00.000Z',
    finishedAt: null,
    openedAt: null,
    rungAt: null,
    leaseOwner: null,
    leaseUntil: 0,
    ...changes,
  }
}

export function transaction(changes: Partial<Transaction> = {}): Transaction {
  return {
    transactionId: 't-1',
    accountId: 'acc-1',
    date: '2026-11-02',
    amount: -433,
    currency: 'USD',
    name: 'STARBUCKS #1234',
    merchant: 'Starbucks',
    category: { primary: 'FOOD_AND_DRINK', detailed: 'FOOD_AND_DRINK_COFFEE', confidence: 'HIGH' },
    pending: false,
    pendingTransactionId: null,
    ...changes,
  }
}
