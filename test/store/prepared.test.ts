import { expect, it } from 'vitest'
import { type CompiledQuery, DummyDriver, Kysely, SqliteAdapter, SqliteQueryCompiler } from 'kysely'
import { prepared } from '../../src/store/prepared.ts'
import type { Schema } from '../../src/store/schema.ts'

function recording() {
  const asked: CompiledQuery[] = []
  const db = new Kysely<Schema>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: () => {
        throw new Error('nobody looks')
      },
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
    log: ({ query }) => void asked.push(query),
  })
  return { db, asked }
}

it('a prepared statement is built once, and asked with the values of each call', async () => {
  let builds = 0
  const { db, asked } = recording()
  const ofOne = prepared((db, itemId: string) => {
    builds += 1
    return db.selectFrom('connections').select('label').where('itemId', '=', itemId)
  })
  await ofOne(db, 'one')
  await ofOne(db, 'other')
  expect(builds).toBe(1)
  expect(asked.map(({ parameters }) => parameters)).toEqual([['one'], ['other']])
  expect(new Set(asked.map(({ sql }) => sql)).size).toBe(1)
})

it('a prepared statement that holds other values than those given is refused', async () => {
  const { db } = recording()
  const always = prepared((db, itemId: string) =>
    db.selectFrom('connections').select('label').where('itemId', '=', `the ${itemId}`),
  )
  await expect(always(db, 'one')).rejects.toThrow(/other values/)
})

it('a prepared statement looks into the schema that it is asked with', async () => {
  const { db, asked } = recording()
  const all = prepared((db) => db.selectFrom('connections').select('label'))
  for (const one of [db, db.withSchema('copied'), db]) await all(one)
  expect(asked.map(({ sql }) => sql.includes('"copied"."connections"'))).toEqual([false, true, false])
})
