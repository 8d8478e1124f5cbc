import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { logFilesAt } from '../../src/log-file.ts'
import { clickLink } from '../../src/simulator/click.ts'
import { run, start } from '../cli/process.ts'
import { runCommand } from '../support/command.ts'
import { connectBank, type Copy, type Household, household } from '../support/coffer.ts'
import { connectElsewhere } from '../support/elsewhere.ts'
import { freePort } from '../support/port.ts'
import { until } from '../support/until.ts'
import { answer, asked, everyCall, readings, type ToolCall } from './canary/calls.ts'
import { commands, commandsIn, lasting } from './canary/commands.ts'
import { type Corpus, createCorpus } from './canary/corpus.ts'
import { faults } from './canary/faults.ts'
import { type Planted, plant } from './canary/planted.ts'
import { sendJunk, visitPages } from './canary/web.ts'

vi.setConfig({ testTimeout: 600_000 })

const seed = process.env.COFFER_CANARY_SEED ?? String(Date.now())
const target = 5_000
const total = new Map<string, number>()
const leaked: string[] = []

afterAll(() => {
  const all = [...total.values()].reduce((sum, count) => sum + count, 0)
  const parts = [...total].map(([channel, count]) => `${count} ${channel}`).join(', ')
  process.stdout.write(
    `canary: planted secrets in outputs: ${leaked.length} (target 0) in ${all} outputs (target about ${target}): ${parts}; seed ${seed}\n`,
  )
})

/** What was found; all that was searched is counted. */
function search(corpus: Corpus, planted: Planted): string[] {
  // A search that had nothing to look for would prove nothing.
  const kinds = ['access token', 'public token', 'link token', 'hosted link']
  expect(new Set(planted.seen.values())).toEqual(new Set(kinds))
  for (const [channel, count] of Object.entries(corpus.counts()))
    total.set(channel, (total.get(channel) ?? 0) + count)
  const found = corpus.leaks(planted)
  leaked.push(...found)
  return found
}

describe('planted secrets', () => {
  it('appear in no answer, command, page, log or file, whatever is asked', async () => {
    const planted = plant(`${seed} everything`)
    await using house = await planting(planted)
    const env = { ...house.env, ...logging(house), PLAID_WEBHOOK_FORWARD_SHARED_SECRET: planted.relaySecret }
    const corpus = createCorpus()
    const copy = await house.start({ ...logging(house), COFFER_LEDGER: 'on' })
    await connectCustomUser(copy, planted, corpus)
    const item = await connectBank(copy, { institutionId: 'ins_109512' }, { kind: 'brokerage' })
    corpus.add('result', JSON.stringify(item), ...(await readings(copy)))
    const calls = [...asked, ...(await everyCall(copy, planted.given))]
    corpus.add('result', ...(await unhurried(house, copy, calls)))
    await copy.close()
    corpus.addLines('stderr', copy.stderr())
    await runCommands(house, env, planted, corpus, { ITEM: item.item_id, SECRET: planted.given })
    collect(house, planted, corpus)
    for (const args of commands.erase ?? []) await runOne(['erase', ...args], env, corpus)
    expect(house.simulator.controls.items()).toEqual([])
    expect(existsSync(join(house.home, 'data'))).toBe(false)
    expect(search(corpus, planted)).toEqual([])
  })

  it.concurrent.each(faults)('appear nowhere when %s fails: %o', async (path, fault) => {
    const planted = plant(`${seed} ${path} ${JSON.stringify(fault)}`)
    await using house = await planting(planted)
    const corpus = createCorpus()
    const ledger = { COFFER_LEDGER: path === '/transactions/sync' ? 'on' : 'off' }
    const copy = await house.start({ ...logging(house), ...ledger })
    await connectCustomUser(copy, planted, corpus)
    const { item_id } = await connectBank(copy, { institutionId: 'ins_109512' }, { kind: 'brokerage' })
    house.simulator.controls.failNext(path, fault, { times: 50 })
    for (const call of asked) corpus.add('result', await answer(copy, call))
    corpus.add('result', await answer(copy, ['start_reauth', { item_id, force: true }]))
    await linkOnceMore(copy, corpus)
    await copy.close()
    corpus.addLines('stderr', copy.stderr())
    if (path === '/item/remove') {
      const revoke = ['tokens', 'revoke', item_id, '--yes']
      await runOne(revoke, { ...house.env, ...logging(house) }, corpus)
    }
    collect(house, planted, corpus)
    expect(search(corpus, planted)).toEqual([])
    const logged = readFileSync(logging(house).COFFER_LOG_FILE, 'utf8')
    expect(logged).toContain(`"endpoint":"${path}"`)
  })

  it('appear nowhere when a passphrase seals them', async () => {
    const planted = plant(`${seed} passphrase`)
    await using house = await planting(planted)
    const passphrase = { COFFER_KEY: 'env', TOKEN_ENCRYPTION_KEY: planted.passphrase }
    const env = { ...house.env, ...logging(house), ...passphrase }
    const corpus = createCorpus()
    const copy = await house.start({ ...logging(house), ...passphrase })
    await connectCustomUser(copy, planted, corpus)
    for (const call of asked) corpus.add('result', await answer(copy, call))
    await copy.close()
    for (const args of [['doctor'], ['list'], ['keys', 'status'], ['keys', 'rotate'], ['backup']])
      await runOne(args, env, corpus)
    collect(house, planted, corpus)
    expect(search(corpus, planted)).toEqual([])
  })
})

describe('the search', () => {
  it('drives every command that --help lists', async () => {
    await using house = await household()
    const help = async (...args: string[]) => commandsIn((await run([...args, '--help'], house.env)).stdout)
    const listed = await help()
    expect(listed).toContain('tokens')
    const all = []
    for (const name of listed) {
      const below = await help(name)
      all.push(...(below.length === 0 ? [name] : below.map((one) => `${name} ${one}`)))
    }
    expect(all.toSorted()).toEqual([...Object.keys(commands), ...Object.keys(lasting)].toSorted())
  })

  it('finds each kind of secret in each place, in every form and in part', () => {
    const planted = plant(`${seed} found`)
    const tokens = [
      'access-sandbox-0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9',
      'link-sandbox-11112222-3333-4444-5555-666677778888',
    ]
    planted.onExchange({ request: { access_token: tokens[0] }, response: { link_token: tokens[1] } } as never)
    planted.keys.add('q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA')
    const channels = ['result', 'command', 'page', 'webhook', 'stderr', 'log', 'file'] as const
    const missed: string[] = []
    let leaks = 0
    for (const channel of channels) {
      for (const [value, what] of planted.all()) {
        if (what === 'what was given' && channel !== 'log' && channel !== 'stderr') continue
        for (const text of formsOf(value)) {
          const corpus = createCorpus()
          corpus.add(channel, 'something harmless', `{"name":"${text}"} and more`, '')
          leaks += 1
          if (!corpus.leaks(planted).some((one) => one.startsWith(`${channel}: ${what}`))) missed.push(text)
        }
      }
    }
    process.stdout.write(
      `canary: planted leaks that the search finds: ${leaks - missed.length} of ${leaks}\n`,
    )
    expect(missed).toEqual([])
    const harmless = createCorpus()
    harmless.add('result', 'client of ours, secretly, Holder, 900123, access-sandbox-, 0a1b2c3d')
    expect(harmless.leaks(planted)).toEqual([])
  })
})

/** How a careless program would let it out. */
function formsOf(value: string): string[] {
  const forms = [
    value,
    JSON.stringify({ value }),
    new URLSearchParams({ value }).toString().replaceAll('+', '%20'),
    Buffer.from(value).toString('hex'),
    ...['', 'x', 'xy'].map((before) => Buffer.from(`${before}${value}:more`).toString('base64')),
  ]
  return value.length >= 24 ? [...forms, `…${value.slice(-14)}`] : forms
}

function planting(planted: Planted): Promise<Household> {
  const { clientId, secret } = planted
  return household({ clientId, secret, onExchange: (exchange) => planted.onExchange(exchange) })
}

function logging({ home }: Household) {
  return { COFFER_LOG_LEVEL: 'debug', COFFER_LOG_FILE: join(home, 'coffer.log') }
}

/** The log by the line, the data directory with its backups, and what was exported or written for a client. */
function collect(house: Household, planted: Planted, corpus: Corpus): void {
  const logs = logFilesAt(logging(house).COFFER_LOG_FILE).filter((path) => existsSync(path))
  const log = logs.map((path) => readFileSync(path, 'utf8')).join('\n')
  expect(log).toContain('plaid.call')
  corpus.addLines('log', log)
  for (const name of ['data', 'exports', '.config'])
    if (existsSync(join(house.home, name))) corpus.addFiles(join(house.home, name))
  readKeys(house, planted)
}

/** The keys as they stand in their file; none where a passphrase is used. */
function readKeys({ home }: Household, { keys }: Planted): void {
  const path = join(home, 'test.key')
  if (!existsSync(path)) return
  for (const line of readFileSync(path, 'utf8').trim().split('\n')) {
    const key = line.split('.').at(-1) ?? ''
    expect(Buffer.from(key, 'base64url')).toHaveLength(32)
    keys.add(key)
  }
}

async function runOne(
  args: readonly string[],
  env: Record<string, string>,
  corpus: Corpus,
  input?: string,
): Promise<void> {
  const { stdout, stderr } = await runCommand(args, env, input)
  corpus.add(args[0] === 'setup' ? 'setup' : 'command', stdout, stderr)
}

type Words = Readonly<Record<string, string>>

/** Every command but `erase`, in each of its ways; those that last are asked over HTTP meanwhile. */
async function runCommands(
  house: Household,
  env: Record<string, string>,
  planted: Planted,
  corpus: Corpus,
  words: Words,
): Promise<void> {
  mkdirSync(join(house.home, 'exports'))
  const filled = (word: string) =>
    Object.entries({ ...words, FILE: join(house.home, 'exports', 'x') }).reduce(
      (text, [name, value]) => text.replace(name, value),
      word,
    )
  // One that is good, one that is here already, and what is none.
  const { token } = await connectElsewhere(house, 'ins_109511')
  const known = [...planted.seen].flatMap(([value, what]) => (what === 'access token' ? [value] : []))
  const tokens = [...known, planted.given, planted.passphrase].map((value) => ({ access_token: value }))
  await runOne(['tokens', 'import'], env, corpus, `[{"access_token": "${token}"`)
  readKeys(house, planted)
  await listening(env, planted, corpus)
  await showing(env, corpus)
  for (const [name, ways] of Object.entries(commands)) {
    if (name === 'erase') continue
    for (const args of ways) {
      const input = name === 'tokens import' ? JSON.stringify(tokens) : undefined
      await runOne([...name.split(' '), ...args.map(filled)], env, corpus, input)
      if (name.startsWith('keys')) readKeys(house, planted)
    }
  }
}

async function listening(env: Record<string, string>, planted: Planted, corpus: Corpus): Promise<void> {
  const [port, pagesPort] = [await freePort(), await freePort()]
  const url = `http://127.0.0.1:${port}/plaid/webhook`
  const running = start(['listen', ...(lasting.listen ?? [])], {
    ...env,
    COFFER_PORT: String(port),
    COFFER_PAGES_PORT: String(pagesPort),
    COFFER_METRICS: 'on',
    COFFER_WEBHOOK_URL: url,
  })
  await until(() => running.stdout().includes('listening on'))
  corpus.add('webhook', ...(await sendJunk(port, planted)))
  const figures = new URL(`http://127.0.0.1:${pagesPort}/metrics`)
  await until(() => answers(figures))
  for (const path of ['/metrics', '/healthz', '/'])
    corpus.add('page', await (await fetch(new URL(path, figures))).text())
  await stopped(running, corpus)
}

function answers(url: URL): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  )
}

async function showing(env: Record<string, string>, corpus: Corpus): Promise<void> {
  const running = start(['open', ...(lasting.open ?? [])], {
    ...env,
    COFFER_PAGES_PORT: '0',
    COFFER_METRICS: 'on',
  })
  await until(() => running.stdout().includes('}'))
  const { url }: { url: string } = JSON.parse(running.stdout())
  corpus.add('page', ...(await visitPages(url)))
  await stopped(running, corpus)
}

/** Every answer, as if somebody had waited a minute now and then: there is a limit of calls in a minute. */
async function unhurried(house: Household, copy: Copy, calls: readonly ToolCall[]): Promise<string[]> {
  const database = new Database(join(house.home, 'data', 'coffer.db'), { timeout: 5_000 })
  const waited = database.prepare("delete from plaid_calls where key = 'tools'")
  const answers: string[] = []
  for (const call of calls) {
    waited.run()
    answers.push(await answer(copy, call))
  }
  database.close()
  expect(answers.filter((text) => text.includes('"RATE_LIMITED:'))).toEqual([])
  return answers
}

async function stopped({ child, ended }: ReturnType<typeof start>, corpus: Corpus): Promise<void> {
  child.kill('SIGTERM')
  const { stdout, stderr } = await ended
  corpus.add('command', stdout, stderr)
}

async function connectCustomUser(copy: Copy, planted: Planted, corpus: Corpus): Promise<void> {
  const link = await copy.call('connect_bank')
  const user = {
    override_accounts: [
      {
        type: 'depository',
        subtype: 'checking',
        starting_balance: 100,
        numbers: { account: planted.accountNumber, ach_routing: planted.routingNumber },
        identity: { names: [planted.holderName] },
        transactions: [],
      },
    ],
  }
  const typing = { institutionId: 'ins_109508', username: 'user_custom', password: JSON.stringify(user) }
  await clickLink(link.url, 'success', typing)
  const result = await copy.call('check_connection', { link_id: link.link_id, wait_seconds: 15 })
  expect(result.outcome).toBe('connected')
  corpus.add('result', JSON.stringify(link), JSON.stringify(result))
}

/** A login that may come to nothing: what is in the way is told all the same. */
async function linkOnceMore(copy: Copy, corpus: Corpus): Promise<void> {
  const said = await copy.client.callTool({ name: 'connect_bank', arguments: {} })
  corpus.add('result', JSON.stringify(said))
  const { url, link_id } = Object(said.structuredContent)
  if (typeof url !== 'string') return
  const typing = { institutionId: 'ins_109511', username: 'user_good', password: 'pass_good' }
  await clickLink(url, 'success', typing)
  corpus.add('result', await answer(copy, ['check_connection', { link_id, wait_seconds: 4 }]))
}
