import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BankData } from '../../src/simulator/bank-data.ts'
import { validateSchema } from '../support/plaid-schema.ts'

const folder = join(import.meta.dirname, '../..', '../shared/plaid')

/** False on a machine without Plaid's published schemas and custom users: what needs them is skipped. */
export const hasPlaidFiles = existsSync(join(folder, 'openapi-subset.json'))

/** Text of one of Plaid's own Sandbox users. */
export function customUserFile(name: string): string {
  return readFileSync(join(folder, 'custom-users', `${name}.json`), 'utf8')
}

const schemas = [
  ['accounts', 'AccountBase'],
  ['transactions', 'Transaction'],
  ['securities', 'Security'],
  ['holdings', 'Holding'],
  ['investmentTransactions', 'InvestmentTransaction'],
  ['liabilities', 'LiabilitiesObject'],
] as const

/** Where the data differ from Plaid's schemas; nothing, if they are as Plaid's. */
export function deviationsOf(data: BankData): string[] {
  return schemas.flatMap(([key, schema]) =>
    [data[key]].flat().flatMap((one) => validateSchema(schema, one).map((problem) => `${schema}${problem}`)),
  )
}
