import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { connectBank, type Household, household } from '../support/coffer.ts'
import { until } from '../support/until.ts'
import { filesBelow } from '../support/files-below.ts'
import { run, runJson } from './process.ts'

const answer = z.object({
  rows: z.array(
    z.object({
      at: z.string(),
      actor: z.string(),
      name: z.string(),
      outcome: z.string(),
      connections: z.array(z.string()),
      status_before: z.string().nullable().optional(),
      status_after: z.string().nullable().optional(),
    }),
  ),
})

/** Oldest first. */
async function rows({ env }: Household, ...args: string[]) {
  const { json, code } = await runJson(['audit', ...args], env)
  expect(code).toBe(0)
  return answer.parse(json).rows.toReversed()
}

async function names(house: Household, ...args: string[]) {
  return (await rows(house, ...args)).map(({ actor, name, outcome }) => `${actor} ${name} ${outcome}`)
}

it('every call of a client, what it changed, and every failure is put down', async () => {
  await using house = await household()
  const copy = await house.start()
  const { item_id: itemId } = await connectBank(copy)
  await copy.call('sync_snapshot', { max_age_minutes: 0 })
  await copy.failure('search_transactions', { from: 'nonsense' })
  await copy.client.readResource({ uri: 'coffer://connections' })
  await copy.client.getPrompt({ name: 'fix_connections' })
  house.simulator.controls.breakItem(itemId, 'ITEM_LOGIN_REQUIRED')
  await copy.call('list_connections', { refresh: true })
  await copy.call('set_rule', { match: 'coffee', kind: 'expense' })
  await copy.close()

  const put = await names(house)
  const expected = [
    'tool connect_bank ok',
    'coffer connected ok',
    'tool check_connection ok',
    'tool sync_snapshot ok',
    'tool search_transactions INVALID_ARGUMENTS',
    'resource connections ok',
    'prompt fix_connections ok',
    'coffer checked ITEM_LOGIN_REQUIRED',
    'tool list_connections ok',
    'tool set_rule ok',
  ]
  expect(put.filter((line) => expected.includes(line)).toSorted()).toEqual(expected.toSorted())
  const all = await rows(house)
  expect(all.find(({ name }) => name === 'checked')).toMatchObject({
    status_before: 'active',
    status_after: 'needs_reauth',
  })
  const [hash] = all.find(({ name }) => name === 'connected')?.connections ?? []
  expect(all.find(({ name }) => name === 'sync_snapshot')?.connections).toEqual([hash])
  const about = await names(house, '--item-id', itemId)
  expect(about).toContain('coffer connected ok')
  expect(about).not.toContain('tool set_rule ok')
  expect(await rows(house, '--item-id', 'of-nobody')).toEqual([])
})

it('commands are put down, and the days and the number of rows can be chosen', async () => {
  await using house = await household()
  const copy = await house.start()
  const { item_id: itemId } = await connectBank(copy)
  await copy.close()
  for (const command of [
    ['sync'],
    ['keys', 'rotate'],
    ['export', 'balances'],
    ['tokens', 'revoke', itemId],
    ['tokens', 'revoke', itemId, '--yes'],
    ['call', 'list_connections'],
    ['list', '--no-such-flag'],
    ['call', 'no_such_tool'],
  ])
    await run(command, house.env)
  const put = (await names(house)).filter((line) => line.startsWith('command '))
  expect(put).toEqual([
    'command sync ok',
    'command keys rotate ok',
    'command export balances ok',
    'command tokens revoke NOT_CONFIRMED',
    'command tokens revoke ok',
    'command call list_connections ok',
  ])
  const moves = (await rows(house, '--item-id', itemId)).filter((row) => row.status_after !== undefined)
  expect(moves.slice(-2)).toMatchObject([
    { name: 'removal_asked', status_after: 'removing' },
    { name: 'removed', status_before: 'removing', status_after: null },
  ])
  expect(await rows(house, '--limit', '2')).toHaveLength(2)
  expect(await rows(house, '--to', '2020-01-01')).toEqual([])
  expect(await rows(house, '--from', '2020-01-01')).not.toEqual([])
  const { stdout, code } = await run(['audit'], house.env)
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/removing → gone/) })
  for (const wrong of [
    ['--from', 'soon'],
    ['--limit', '0'],
    ['--from', '2026-02-02', '--to', '2026-02-01'],
  ])
    expect(await run(['audit', ...wrong], house.env)).toMatchObject({ code: 2, stdout: '' })
  // What is left of the connection leads back to it for nobody who does not know its id.
  expect(filesBelow(join(house.home, 'data')).join('\n')).not.toContain(itemId)
})

it('reading wakes nobody who watches', async () => {
  await using house = await household()
  const [watching, reading] = [await house.start(), await house.start()]
  const { item_id: itemId } = await connectBank(reading)
  await reading.call('sync_snapshot')
  const heard: string[] = []
  watching.client.setNotificationHandler(
    ResourceUpdatedNotificationSchema,
    ({ params }) => void heard.push(params.uri),
  )
  for (const uri of ['coffer://connections', 'coffer://snapshot/latest'])
    await watching.client.subscribeResource({ uri })
  for (let time = 0; time < 3; time++) {
    await reading.call('list_connections')
    await reading.call('get_history', { metric: 'net_worth' })
  }
  const read = async () => (await names(house)).filter((line) => line === 'tool get_history ok')
  await until(async () => (await read()).length === 3)
  expect(heard).toEqual([])
  house.simulator.controls.breakItem(itemId, 'ITEM_LOGIN_REQUIRED')
  await reading.call('list_connections', { refresh: true })
  await until(() => heard.includes('coffer://connections'))
})

it('a locked database hides no answer; the log says so once, and all is put down afterwards', async () => {
  await using house = await household()
  const copy = await house.start({ COFFER_LOG_LEVEL: 'error' })
  await connectBank(copy)
  await copy.call('sync_snapshot')
  const listed = async () => (await names(house, '--limit', '100')).filter((line) => line.includes('list_'))
  const database = new DatabaseSync(join(house.home, 'data', 'coffer.db'), { timeout: 5_000 })
  database.exec('begin immediate')
  const begun = performance.now()
  for (let call = 0; call < 5; call++) {
    await copy.call('list_connections')
    if (call === 0) await until(() => copy.stderr().includes('audit.failed'))
  }
  // A driver that waited would keep each of them for five seconds.
  expect(performance.now() - begun).toBeLessThan(5_000)
  database.exec('commit')
  database.close()
  await until(async () => (await listed()).length === 5)
  expect(copy.stderr().match(/"msg":"/g)).toHaveLength(1)
})
