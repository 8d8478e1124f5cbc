import BetterSqlite from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { driverNames, freshStore } from './fixtures.ts'
import { connection, link } from './rows.ts'

const retired = {
  keyId: 'key-1',
  state: 'retired',
  createdAt: '2026-11-01T00:00:00.000Z',
  canary: '',
  fingerprint: '0011',
  kdf: null,
} as const
const ofRetired = 'v1.key-1.a.b.c'

describe.each(driverNames)('sealed texts on %s', (driver) => {
  it('are all listed, with the place that each is bound to', async () => {
    const { sealed, connections, links } = await freshStore({ driver })
    await connections.insert(connection({ environment: 'production' }), 'a token')
    await links.insert(link({ sealedPublicToken: null }))
    await links.insert(link({ linkId: 'link-2', state: 'succeeded', sealedPublicToken: 'a public token' }))
    const [at, other] = [
      { table: 'links', row: 'link-1', environment: 'sandbox' },
      { table: 'links', row: 'link-2', environment: 'sandbox' },
    ]
    expect(await sealed.list()).toEqual([
      {
        table: 'connections',
        column: 'sealed_token',
        row: 'item-1',
        environment: 'production',
        sealed: 'a token',
      },
      { ...at, column: 'sealed_link_token', sealed: 'sealed link token' },
      { ...at, column: 'sealed_url', sealed: 'sealed url' },
      { ...other, column: 'sealed_link_token', sealed: 'sealed link token' },
      { ...other, column: 'sealed_url', sealed: 'sealed url' },
      { ...other, column: 'sealed_public_token', sealed: 'a public token' },
    ])
  })

  it('are those of every column that says so in its name', async () => {
    const { sealed, connections, links, about } = await freshStore({ driver })
    await connections.insert(connection(), 'a token')
    await links.insert(link({ sealedPublicToken: 'a public token' }))
    const database = new BetterSqlite(about.path, { readonly: true })
    const named = database
      .prepare(
        `select m.name || '.' || c.name from sqlite_master m, pragma_table_info(m.name) c
         where m.type = 'table' and c.name like 'sealed%' order by 1`,
      )
      .pluck()
      .all()
    database.close()
    expect((await sealed.list()).map(({ table, column }) => `${table}.${column}`).toSorted()).toEqual(named)
  })

  it('are replaced one by one, and only while they are as they were seen', async () => {
    const { sealed, connections, links } = await freshStore({ driver })
    await connections.insert(connection(), 'a token')
    await links.insert(link({ sealedPublicToken: 'a public token' }))
    const seen = await sealed.list()
    for (const value of seen) expect(await sealed.replace(value, `new ${value.column}`)).toBe(true)
    for (const value of seen) expect(await sealed.replace(value, 'newer')).toBe(false)
    expect((await sealed.list()).map((value) => value.sealed)).toEqual(
      seen.map(({ column }) => `new ${column}`),
    )
    await links.change('link-1', (now) => ({ ...now, sealedPublicToken: null }))
    const publicToken = seen.find(({ column }) => column === 'sealed_public_token')
    expect(publicToken && (await sealed.replace(publicToken, 'newer'))).toBe(false)
  })

  it('of a retired key are kept nowhere', async () => {
    const { keys, sealed, connections, links } = await freshStore({ driver })
    await keys.insert(retired)
    await links.insert(link({ sealedPublicToken: null }))
    const before = await sealed.list()
    const refused = { code: 'VAULT_LOCKED', retryable: true }
    await expect(connections.insert(connection(), ofRetired)).rejects.toMatchObject(refused)
    await expect(links.insert(link({ linkId: 'link-2', sealedUrl: ofRetired }))).rejects.toMatchObject(
      refused,
    )
    await expect(
      links.change('link-1', (now) => ({ ...now, sealedPublicToken: ofRetired })),
    ).rejects.toMatchObject(refused)
    expect(await sealed.list()).toEqual(before)
  })
})
