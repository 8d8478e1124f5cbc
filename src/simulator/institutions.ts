import type { Institution } from 'plaid'
import type { Plain } from './shapes.ts'

const products = [
  'assets',
  'auth',
  'balance',
  'identity',
  'investments',
  'liabilities',
  'transactions',
] as const

/** The banks of Plaid's Sandbox, two real ones for what only they do, and some of our own for more households. */
export const institutions: readonly Plain<Institution>[] = [
  bank('ins_109508', 'First Platypus Bank'),
  bank('ins_109509', 'First Gingham Credit Union'),
  bank('ins_109510', 'Tattersall Federal Credit Union'),
  bank('ins_109511', 'Tartan Bank'),
  bank('ins_109512', 'Houndstooth Bank'),
  bank('ins_130016', 'First Platypus Balance Bank'),
  bank('ins_127287', 'Platypus OAuth Bank', { oauth: true }),
  bank('ins_132241', 'First Platypus OAuth App2App Bank', { oauth: true }),
  bank('ins_132363', 'Unhealthy Platypus Bank - Degraded'),
  bank('ins_132361', 'Unhealthy Platypus Bank - Down'),
  bank('ins_133402', 'Unsupported Platypus Bank - Institution Not Supported'),
  bank('ins_128026', 'Capital One', { oauth: true }),
  bank('ins_56', 'Chase', { oauth: true }),
  bank('ins_43', 'Tartan-Dominion Bank of Canada', { country: 'CA' }),
  bank('ins_900101', 'Herringbone Business Bank'),
  bank('ins_900102', 'Chevron Credit Union'),
  bank('ins_900103', 'Paisley Bank'),
  bank('ins_900104', 'Paisley Invest'),
]

const byId = new Map(institutions.map((institution) => [institution.institution_id, institution]))

export function institutionOf(id: string): Plain<Institution> | undefined {
  return byId.get(id)
}

function bank(
  id: string,
  name: string,
  { oauth = false, country = 'US' }: { oauth?: boolean; country?: 'CA' | 'US' } = {},
): Plain<Institution> {
  return {
    institution_id: id,
    name,
    products: [...products],
    country_codes: [country],
    url: null,
    primary_color: null,
    logo: null,
    routing_numbers: [],
    oauth,
  }
}
