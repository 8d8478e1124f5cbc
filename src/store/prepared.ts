import type { Compilable, CompiledQuery } from 'kysely'
import type { Db } from './schema.ts'

/**
 * A statement that is built once, however often it is run: Kysely takes longer to build a small one than the database
 * to answer it.
 * @param build puts each of its values into the statement once, in their order
 */
export function prepared<Values extends readonly (string | number)[], Row>(
  build: (db: Db, ...values: Values) => Compilable<Row>,
): (db: Db, ...values: Values) => Promise<Row[]> {
  let built: CompiledQuery<Row> | null = null
  return async (db, ...values) => {
    built ??= inOrder(build(db, ...values).compile(), values)
    return (await db.executeQuery<Row>({ ...built, parameters: values })).rows
  }
}

function inOrder<Row>(query: CompiledQuery<Row>, values: readonly unknown[]): CompiledQuery<Row> {
  const { parameters } = query
  const isInOrder =
    parameters.length === values.length && values.every((value, at) => value === parameters[at])
  if (!isInOrder) throw new TypeError(`other values than those given: ${query.sql}`)
  return query
}
