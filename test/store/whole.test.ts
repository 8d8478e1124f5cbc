import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { beginRestore, openStore, type Store } from '../../src/store/index.ts'
import { driverNames, freshHome, freshStore } from './fixtures.ts'
import { account, connection, transaction } from './rows.ts'
import { none } from './restoring.ts'

const wanted = 'acc-of-an-index'

async function fill({ connections, accounts, ledger }: Store): Promise<void> {
  await connections.insert(connection({}), 'sealed')
  await accounts.replace('item-1', [account({ accountId: wanted })])
  const upserts = Array.from({ length: 400 }, (_, n) =>
    transaction({ transactionId: `t-${n}`, accountId: wanted, date: '2026-05-05' }),
  )
  await ledger.apply('item-1', {
    upserts,
    removed: [],
    since: null,
    cursor: 'c',
    from: '2026-01-01',
    isWhole: true,
  })
}

/** A page of an index, which holds little more than days, says another day in one entry. Nobody has the file open. */
function damageIndex(home: string): void {
  const path = join(home, 'coffer.db')
  const content = readFileSync(path)
  const pages = Array.from({ length: content.length / 4_096 }, (_, n) => n * 4_096)
  const leaf = pages.find((at) => content[at] === 0x0a && content.indexOf('2026-05-05', at) - at < 4_096)
  if (leaf === undefined) throw new TypeError('no page of an index has that day')
  content.write('2026-05-06', content.lastIndexOf('2026-05-05', leaf + 4_095))
  writeFileSync(path, content)
}

describe.each(driverNames)('the full check on %s', (driver) => {
  it('finds nothing wrong with a database that others write to', async () => {
    const home = freshHome()
    const store = await freshStore({ home, driver })
    await fill(store)
    const other = await freshStore({ home, driver })
    await expect(Promise.all([store.requireWhole(), other.ledger.clear()])).resolves.toBeDefined()
    await expect(store.requireWhole()).resolves.toBeUndefined()
  })

  it('finds what opening does not look for, and leaves it as it is', async () => {
    const home = freshHome()
    const first = await openStore({ home, driver })
    await fill(first)
    await first.close()
    damageIndex(home)
    const store = await freshStore({ home, driver })
    await expect(store.requireWhole()).rejects.toMatchObject({
      code: 'DATABASE_DAMAGED',
      fix: expect.stringContaining('coffer-mcp restore'),
    })
    expect(existsSync(join(home, 'quarantine'))).toBe(false)
    expect(await store.connections.list()).toHaveLength(1)
  })

  it('keeps a restore from putting rows into such a one: the backup takes its place', async () => {
    const home = freshHome()
    const first = await openStore({ home, driver })
    await fill(first)
    await first.backups.make('daily')
    await first.close()
    damageIndex(home)
    const restoring = await beginRestore({ home, driver, file: null })
    expect(restoring.live).toBe(null)
    await restoring.apply(none)
    await restoring.end()
    expect(readdirSync(join(home, 'quarantine'))).toHaveLength(1)
    const store = await freshStore({ home, driver })
    await store.requireWhole()
    expect(await store.ledger.rows({ from: '2026-05-05', to: '2026-05-05' })).toHaveLength(400)
  })
})
