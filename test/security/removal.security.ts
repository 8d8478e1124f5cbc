import { copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { run } from '../cli/process.ts'
import { connectBank, type Copy, household } from '../support/coffer.ts'

const accounts = 10
const rows = 24

/** Accounts and transactions with names that stand nowhere else. */
function plantedLogin() {
  const names: string[] = []
  const planted = (what: string) => {
    const name = `Planted ${what} ${names.length}x`
    names.push(name)
    return name
  }
  const today = new Date().toISOString().slice(0, 10)
  const override_accounts = Array.from({ length: accounts }, (_, index) => ({
    type: 'depository',
    subtype: 'checking',
    starting_balance: 1_000 + index,
    meta: { name: planted('account'), mask: String(1_000 + index) },
    transactions: Array.from({ length: rows }, (_row, at) => ({
      date_transacted: today,
      date_posted: today,
      currency: 'USD',
      amount: 10 + at,
      description: planted('merchant'),
    })),
  }))
  const password = JSON.stringify({ version: '2', override_accounts })
  return { names, typing: { username: 'user_custom', password } }
}

/** Every file of the data directory but the locks, and the log. */
function traces(home: string, values: readonly string[]): string[] {
  const files = readdirSync(home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.lock'))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
  return values.filter((value) => files.some((text) => text.includes(value)))
}

/** Of all transactions that were planted. */
async function idsOf(copy: Copy): Promise<string[]> {
  const ids: string[] = []
  let cursor: string | undefined
  do {
    const args = { query: 'planted', limit: 100, ...(cursor === undefined ? {} : { cursor }) }
    const page = await copy.call('search_transactions', args)
    ids.push(...page.transactions.map((row) => row.transaction_id))
    cursor = page.next_cursor
  } while (cursor !== undefined)
  return ids
}

/** A backup, and copies such as are put aside. */
async function backUp(home: string, env: Record<string, string>): Promise<void> {
  expect(await run(['backup'], env)).toMatchObject({ code: 0 })
  const backup = readdirSync(join(home, 'backups')).find((name) => name.includes('asked')) ?? ''
  for (const aside of ['replaced', 'quarantine']) {
    mkdirSync(join(home, aside), { mode: 0o700 })
    copyFileSync(join(home, 'backups', backup), join(home, aside, backup))
  }
}

it('a connection that was removed has left no trace in any file, backups too, while two copies run', async () => {
  const tokens = new Set<string>()
  const gather = (side: unknown) => {
    for (const [token] of JSON.stringify(side ?? {}).matchAll(/(?:access|public|link)-sandbox-[\w-]+/g))
      tokens.add(token)
  }
  await using house = await household({
    onExchange({ request, response }) {
      gather(request)
      gather(response)
    },
  })
  const more = {
    COFFER_LEDGER: 'on',
    COFFER_LOG_LEVEL: 'debug',
    COFFER_LOG_FILE: join(house.home, 'data', 'coffer.log'),
  }
  const [one, other] = [await house.start(more), await house.start(more)]
  const { names, typing } = plantedLogin()
  const { item_id: itemId, institution } = await connectBank(one, typing)
  const kept = (await connectBank(other, { institutionId: 'ins_109511' })).item_id
  await one.call('sync_snapshot', { max_age_minutes: 0 })
  await other.call('search_transactions', { query: 'planted' })
  const { connections } = await one.call('list_connections')
  const accountIds = connections.flatMap((row) =>
    row.item_id === itemId ? row.accounts.map((account) => account.account_id) : [],
  )
  const transactionIds = await idsOf(one)
  const values = [...names, itemId, institution, ...accountIds, ...transactionIds, ...tokens]
  await backUp(join(house.home, 'data'), { ...house.env, ...more })
  const before = traces(join(house.home, 'data'), values).length
  for (const copies of ['backups', 'replaced', 'quarantine'])
    expect(traces(join(house.home, 'data', copies), values).length).toBeGreaterThan(450)
  const removed = await run(['tokens', 'revoke', itemId, '--yes'], { ...house.env, ...more })
  expect(removed).toMatchObject({ code: 0, stdout: expect.stringContaining('no file of Coffer holds') })
  const left = traces(join(house.home, 'data'), values)
  process.stdout.write(
    `removal: traces of ${values.length} planted values: ${left.length} (target 0; before it ${before})\n`,
  )
  expect(values.length).toBeGreaterThanOrEqual(500)
  expect(before).toBeGreaterThan(450)
  expect(left).toEqual([])
  expect((await other.call('list_connections')).connections.map((row) => row.item_id)).toEqual([kept])
})
