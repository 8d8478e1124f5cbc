import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { connectBank, household } from '../support/coffer.ts'
import { until } from '../support/until.ts'
import { run, runJson } from './process.ts'

it('backup writes one beside a copy that runs, and says where; the leader makes one a day by itself', async () => {
  await using house = await household()
  const copy = await house.start()
  const { item_id: itemId } = await connectBank(copy)
  const directory = join(house.home, 'data', 'backups')
  const made = await runJson(['backup'], house.env)
  expect(made).toMatchObject({ code: 0, json: { cause: 'asked', file: expect.stringContaining(directory) } })
  const { file } = made.json as { file: string }
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const content = readFileSync(file, 'latin1')
  expect(content).toContain(itemId)
  expect(content).not.toMatch(/access-sandbox-/)
  expect(await run(['backup'], house.env)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^Backed up: .*-asked\.db\n/),
  })
  await until(async () => readdirSync(directory).some((name) => name.endsWith('-daily.db')))
  await copy.close()
})
