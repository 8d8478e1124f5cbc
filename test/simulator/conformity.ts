import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { default as formats } from 'ajv-formats'
import type { BankData } from '../../src/simulator/bank-data.ts'

const folder = join(import.meta.dirname, '../..', '../shared/plaid')

/** False on a machine without Plaid's published schemas and custom users: what needs them is skipped. */
export const hasPlaidFiles = existsSync(join(folder, 'openapi-subset.json'))

/** Text of one of Plaid's own Sandbox users. */
export function customUserFile(name: string): string {
  return readFileSync(join(folder, 'custom-users', `${name}.json`), 'utf8')
}

const schemas: Record<keyof BankData, string> = {
  accounts: 'AccountBase',
  transactions: 'Transaction',
  securities: 'Security',
  holdings: 'Holding',
  investmentTransactions: 'InvestmentTransaction',
  liabilities: 'LiabilitiesObject',
}

/** Where the data differ from Plaid's schemas; nothing, if they are as Plaid's. */
export function deviationsOf(data: BankData): string[] {
  return typed(Object.keys(schemas)).flatMap((key) =>
    [data[key]].flat().flatMap((one) => deviations(schemas[key], one)),
  )
}

let ajv: Ajv | undefined

function deviations(schema: string, value: unknown): string[] {
  ajv ??= loadSchemas()
  const validate = ajv.getSchema(`plaid#/components/schemas/${schema}`)
  if (validate === undefined) throw new Error(`no such schema: ${schema}`)
  if (validate(value) === true) return []
  return (validate.errors ?? []).map(({ instancePath, message }) => `${schema}${instancePath} ${message}`)
}

function loadSchemas(): Ajv {
  const loaded = new Ajv({ strict: false, allErrors: true })
  formats.default(loaded)
  return loaded.addSchema(JSON.parse(readFileSync(join(folder, 'openapi-subset.json'), 'utf8')), 'plaid')
}

function typed(keys: string[]) {
  return keys.filter((key): key is keyof BankData => key in schemas)
}
