import { expect, it } from 'vitest'
import { nodeSqlite } from '../src/node-sqlite.ts'

it("loads Node's SQLite without a warning, and leaves other warnings alone", async () => {
  const warnings: string[] = []
  const keep = ({ message }: Error) => void warnings.push(message)
  process.on('warning', keep)
  const { DatabaseSync } = nodeSqlite()
  new DatabaseSync(':memory:').close()
  process.emitWarning('one of somebody else')
  await new Promise((resolve) => setImmediate(resolve))
  process.off('warning', keep)
  expect(warnings).toEqual(['one of somebody else'])
  expect(nodeSqlite().DatabaseSync).toBe(DatabaseSync)
})
