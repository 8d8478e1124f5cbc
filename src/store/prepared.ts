import type { Compilable, CompiledQuery, KyselyPlugin } from 'kysely'
import type { Db } from './schema.ts'

interface Built<Row> {
  readonly query: CompiledQuery<Row>
  readonly plugins: readonly KyselyPlugin[]
}

/**
 * A statement that is built once, however often it is run: Kysely takes longer to build a small one than the database
 * to answer it. For a `db` with other plugins, as `withSchema` makes, it is another statement, and built anew.
 * @param build puts each of its values into the statement once, in their order
 */
export function prepared<Values extends readonly (string | number)[], Row>(
  build: (db: Db, ...values: Values) => Compilable<Row>,
): (db: Db, ...values: Values) => Promise<Row[]> {
  let built: Built<Row> | null = null
  return async (db, ...values) => {
    const { plugins } = db.getExecutor()
    if (built === null || !areSame(built.plugins, plugins))
      built = { plugins, query: inOrder(build(db, ...values).compile(), values) }
    return (await db.executeQuery<Row>({ ...built.query, parameters: values })).rows
  }
}

function areSame(some: readonly KyselyPlugin[], others: readonly KyselyPlugin[]): boolean {
  return some.length === others.length && some.every((plugin, at) => plugin === others[at])
}

function inOrder<Row>(query: CompiledQuery<Row>, values: readonly unknown[]): CompiledQuery<Row> {
  const { parameters } = query
  const isInOrder =
    parameters.length === values.length && values.every((value, at) => value === parameters[at])
  if (!isInOrder) throw new TypeError(`other values than those given: ${query.sql}`)
  return query
}
