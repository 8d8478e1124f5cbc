import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { connectBank, type Copy, type Household, household } from '../support/coffer.ts'
import { unhurried } from '../support/unhurried.ts'
import { type Answer, askTools, getPrompts, type Known, readAll, readResources } from './injection/asking.ts'
import { type HostilePlaid, startHostilePlaid } from './injection/hostile-plaid.ts'
import { accountsOfLogin, hostileLogin } from './injection/login.ts'
import { encodingNames, markOf, marksIn, payloads, type Writer } from './injection/payloads.ts'
import { marksOf, straysIn } from './injection/strays.ts'

const log = 'coffer.log'
const kinds = ['bank', 'brokerage'] as const
let house: Household
let plaid: HostilePlaid
let copy: Copy
let known: Known
let pace: Disposable
/** Whose texts some tool shows. */
const shown = new Set<Writer>(['account', 'security'])
const answers: Answer[] = []

beforeAll(async () => {
  house = await household()
  plaid = await startHostilePlaid(house.simulator.url)
  copy = await house.start({
    PLAID_BASE_URL: plaid.url,
    COFFER_LOG_LEVEL: 'debug',
    COFFER_LOG_FILE: join(house.home, log),
  })
  await copy.call('list_connections')
  pace = unhurried(house.env.COFFER_HOME ?? '')
  for (const encoding of encodingNames.keys()) {
    plaid.bank = encoding
    for (const kind of kinds) {
      const typing = { username: 'user_custom', password: hostileLogin(kind, encoding) }
      await connectBank(copy, typing, { kind })
    }
  }
  await copy.call('sync_snapshot', { max_age_minutes: 0, days: 365 })
  known = await valuesOf(copy)
  const { tools } = await copy.client.listTools()
  if (tools.some(({ name }) => name === 'search_transactions')) shown.add('transaction').add('merchant')
}, 180_000)

afterAll(async () => {
  pace[Symbol.dispose]()
  await plaid[Symbol.asyncDispose]()
  await house[Symbol.asyncDispose]()
})

describe(`${payloads.length} payloads in ${encodingNames.length} encodings`, () => {
  it('are what they say', () => {
    expect([payloads.length, new Set(payloads).size, encodingNames.length]).toEqual([100, 100, 12])
  })

  it('stand in the fields of their writers alone, cleaned and cut, whatever the accounts are called', async () => {
    for (let first = 0; first < payloads.length; first += accountsOfLogin) {
      plaid.firstName = first
      await copy.call('sync_snapshot', { max_age_minutes: 0 })
      const named = await readAll(copy.client, 'list_connections')
      expect(named.flatMap(straysIn)).toEqual([])
      answers.push(...named)
    }
  })

  it('do so in every answer of every tool', async () => {
    answers.push(...(await askTools(copy.client, known)))
    expect(answers.flatMap(straysIn)).toEqual([])
  }, 600_000)

  it('do so in resources and prompts', async () => {
    answers.push(...(await readResources(copy.client, known)), ...(await getPrompts(copy.client, known)))
    expect(answers.flatMap(straysIn)).toEqual([])
  })

  it('all came through, so that there was something to find', () => {
    const seen = new Set(answers.flatMap(marksOf))
    expect([...shown].flatMap((writer) => missing(seen, writer))).toEqual([])
    const banks = encodingNames.map((_, at) => markOf('institution', at, at))
    expect(banks.filter((mark) => !seen.has(mark))).toEqual([])
  })

  it('do so when logins are broken and Plaid’s own texts are hostile', async () => {
    plaid.broken = true
    const broken = await askTools(copy.client, known)
    broken.push(...(await readResources(copy.client, known)), ...(await getPrompts(copy.client, known)))
    expect(broken.flatMap(straysIn)).toEqual([])
    expect(JSON.stringify(broken)).toContain('needs_reauth')
    answers.push(...broken)
  }, 600_000)

  it('were all answered, and none was refused for being one of too many', () => {
    // What Plaid's own limits hold back is stored already, and is shown.
    const isRefused = ({ content }: Answer) => /\bRATE_LIMITED/.test(JSON.stringify(content) ?? '')
    expect(answers.filter(isRefused)).toEqual([])
  })

  it('made nothing happen: no connection was removed', async () => {
    expect(plaid.asked).not.toContain('/item/remove')
    expect((await copy.call('list_connections')).total).toBe(encodingNames.length * kinds.length)
  })

  it('are in no log', () => {
    expect(existsSync(join(house.home, log))).toBe(true)
    expect(marksIn(readFileSync(join(house.home, log), 'utf8') + copy.stderr())).toEqual([])
  })
})

afterAll(() => {
  const found = answers.flatMap(straysIn).length
  process.stdout.write(
    `injection: ${payloads.length * encodingNames.length} payloads (target 1200) in ${answers.length} answers, ` +
      `${found} outside their fields or with hidden characters (target 0)\n`,
  )
})

function missing(seen: ReadonlySet<string>, writer: Writer): string[] {
  const marks = encodingNames.flatMap((_, encoding) =>
    payloads.map((_, payload) => markOf(writer, payload, encoding)),
  )
  return marks.filter((mark) => !seen.has(mark))
}

/** Values for the arguments of tools: ids of both kinds, and words that find what is hostile. */
async function valuesOf(from: Copy): Promise<Known> {
  const rows = (await readAll(from.client, 'list_connections')).flatMap(
    ({ content }) => pageShape.parse(content).connections,
  )
  const [banks, brokerages] = [rows.filter(hasSeveral), rows.filter((row) => !hasSeveral(row))]
  const some = [...banks.slice(0, 2), ...brokerages.slice(0, 2)]
  return new Map<string, readonly unknown[]>([
    ['item_id', [...banks, ...brokerages.slice(0, 2)].map(({ item_id }) => item_id)],
    ['account_id', some.flatMap(({ accounts }) => accounts.slice(0, 1).map(({ account_id }) => account_id))],
    ['query', ['Zq']],
    ['match', ['zq no row has this']],
    ['from', ['2026-01-01']],
    ['wait_seconds', [0]],
  ])
}

const pageShape = z.object({
  connections: z.array(
    z.object({ item_id: z.string(), accounts: z.array(z.object({ account_id: z.string() })) }),
  ),
})

function hasSeveral({ accounts }: { readonly accounts: readonly unknown[] }): boolean {
  return accounts.length > 1
}
