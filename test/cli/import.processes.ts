import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { connectBank, type Household, household } from '../support/coffer.ts'
import { runCommand } from '../support/command.ts'
import { connectElsewhere } from '../support/elsewhere.ts'
import { filesBelow } from '../support/files-below.ts'
import { run, runJson } from './process.ts'

async function importing(
  house: Household,
  input: unknown,
  more: { env?: Record<string, string>; args?: string[] } = {},
) {
  const text = typeof input === 'string' ? input : JSON.stringify(input)
  const args = ['tokens', 'import', ...(more.args ?? [])]
  const { code, stdout, stderr } = await runCommand(args, { ...house.env, ...more.env }, text)
  expect(stdout + stderr).not.toMatch(/access-(sandbox|production)-\w{8}/)
  return { code, stdout, stderr }
}

it('tokens that a person has become connections like any other, with label and figures', async () => {
  await using house = await household()
  const [first, second] = [await connectElsewhere(house), await connectElsewhere(house, 'ins_109511')]
  const { code, stdout, stderr } = await importing(
    house,
    [
      { access_token: first.token, label: 'Ours', item_id: 'whatever else' },
      { access_token: second.token, person: 'Ada' },
    ],
    { args: ['--json'] },
  )
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(JSON.parse(stdout)).toEqual({
    imported: 2,
    results: [
      {
        entry: 1,
        outcome: 'imported',
        item_id: first.itemId,
        institution: 'First Platypus Bank',
        label: 'Ours',
        status: 'active',
      },
      expect.objectContaining({ item_id: second.itemId, institution: 'Tartan Bank', status: 'active' }),
    ],
  })
  const copy = await house.start()
  const { connections } = await copy.call('list_connections', { refresh: true })
  expect(connections.map((row) => [row.item_id, row.status, row.accounts.length > 0])).toEqual([
    [first.itemId, 'active', true],
    [second.itemId, 'active', true],
  ])
  const { complete, totals } = await copy.call('sync_snapshot', { max_age_minutes: -1 })
  expect({ complete, isKnown: (totals[0]?.bank_balance ?? 0) > 0 }).toEqual({ complete: true, isKnown: true })
  const { stdout: audit } = await run(['audit', '--item-id', first.itemId], house.env)
  expect(audit).toMatch(/command\s+tokens import\s+ok/)
  expect(audit).toMatch(/connected\s+ok\s+new → preparing/)
  // It is removed like any other, too.
  expect(await run(['tokens', 'revoke', first.itemId, '--yes'], house.env)).toMatchObject({ code: 0 })
})

it('what is wrong with one is said, and the good ones are kept', async () => {
  await using house = await household()
  const [good, gone] = [await connectElsewhere(house), await connectElsewhere(house, 'ins_109511')]
  house.simulator.controls.breakItem(gone.itemId, 'ITEM_NOT_FOUND')
  const stranger = `access-sandbox-${'0'.repeat(8)}-1111-2222-3333-${'4'.repeat(12)}`
  const { code, stdout } = await importing(
    house,
    [
      { access_token: stranger },
      { access_token: good.token.replace('sandbox', 'production') },
      { access_token: good.token },
      { access_token: good.token },
      { access_token: gone.token },
      { access_token: 'hunter2-is-no-token' },
      { label: 'without one' },
      { access_token: good.token, label: 'x'.repeat(61) },
    ],
    { args: ['--json'] },
  )
  const { imported, results } = JSON.parse(stdout)
  expect(code).toBe(77)
  expect(imported).toBe(1)
  expect(results.map((row: { code?: string; outcome: string }) => row.code ?? row.outcome)).toEqual([
    'PLAID_REJECTED',
    'WRONG_ENVIRONMENT',
    'imported',
    'ALREADY_CONNECTED',
    'PLAID_REJECTED',
    'INVALID_ARGUMENTS',
    'INVALID_ARGUMENTS',
    'INVALID_ARGUMENTS',
  ])
  expect(results[1].text).toContain('PLAID_ENV=production')
  expect(stdout).not.toContain('hunter2')
  const again = await importing(house, { access_token: good.token })
  expect(again).toMatchObject({ code: 1, stdout: expect.stringMatching(/1\s+refused\s+ALREADY_CONNECTED/) })
  expect((await runJson(['list'], house.env)).json).toMatchObject({ total: 1 })
})

it('a token that does not open any more is mended by the same one, also where it is being removed', async () => {
  await using house = await household()
  const { token, itemId } = await connectElsewhere(house)
  await importing(house, { access_token: token, label: 'Ours' })
  const change = (text: string) => {
    const file = new DatabaseSync(join(house.home, 'data/coffer.db'))
    file.exec(text)
    file.close()
  }
  const damage = `update connections set sealed_token = substr(sealed_token, 1, length(sealed_token) - 4) || 'AAAA'`
  change(damage)
  expect(await run(['list', '--refresh'], house.env)).toMatchObject({
    stdout: expect.stringContaining('A sealed record was changed'),
  })
  const mended = await importing(house, { access_token: token })
  expect(mended).toMatchObject({ code: 0, stdout: expect.stringMatching(/imported\s+First.*active/) })
  expect((await run(['list', '--refresh'], house.env)).stdout).toMatch(/Ours.*active/)

  change(damage)
  expect((await run(['tokens', 'revoke', itemId, '--yes'], house.env)).code).toBe(1)
  const refused = await importing(house, { access_token: token })
  expect(refused).toMatchObject({ code: 1, stdout: expect.stringContaining('is being removed') })
  expect(await run(['tokens', 'revoke', itemId, '--yes'], house.env)).toMatchObject({ code: 0 })
})

it('a login that is connected already is refused, unless both are wanted', async () => {
  await using house = await household()
  const copy = await house.start()
  await connectBank(copy)
  await copy.close()
  const twin = await connectElsewhere(house)
  const refused = await importing(house, { access_token: twin.token })
  expect(refused).toMatchObject({ code: 1, stdout: expect.stringContaining('--keep') })
  const kept = await importing(house, { access_token: twin.token }, { args: ['--keep'] })
  expect(kept).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/imported\s+First Platypus Bank\s+active/),
  })
})

it('a login that is broken is imported with what it needs, and one repair mends it', async () => {
  await using house = await household()
  const broken = await connectElsewhere(house)
  house.simulator.controls.breakItem(broken.itemId, 'ITEM_LOGIN_REQUIRED')
  const { code, stdout } = await importing(house, { access_token: broken.token })
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/imported\s+.*needs_reauth/) })
})

it.each([
  ['no JSON', 'access-sandbox-not-json', 2, /no JSON/],
  ['no object', '["access-sandbox-a-text"]', 2, /neither an object nor a list/],
  ['nothing', '[]', 2, /neither an object nor a list/],
])('%s on standard input is refused, and nothing of it is repeated', async (_what, input, code, says) => {
  await using house = await household()
  const ended = await importing(house, input)
  expect(ended).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(says) })
})

it.each([
  ['a locked vault', { COFFER_KEY: 'keychain' }, 78, 'VAULT_LOCKED'],
  ['no keys', { PLAID_CLIENT_ID: '', PLAID_SECRET: '', COFFER_PLAID_KEYS: 'env' }, 78, 'NOT_CONFIGURED'],
  ['a Plaid that is away', { PLAID_BASE_URL: 'http://127.0.0.1:1' }, 69, 'PLAID_UNREACHABLE'],
  ['keys that Plaid refuses', { PLAID_SECRET: 'wrong' }, 77, 'PLAID_KEYS_REJECTED'],
])('%s is said of every token', async (_what, env, code, says) => {
  await using house = await household()
  const { token } = await connectElsewhere(house)
  const both = await importing(house, [{ access_token: token }, { access_token: token }], { env })
  expect({ code: both.code, times: both.stdout.split(says).length - 1 }).toEqual({ code, times: 2 })
  const { simulator } = house
  expect(simulator.controls.calls().filter(({ path }) => path === '/item/get').length).toBeLessThan(2)
  expect(filesBelow(house.home).join('\n')).not.toContain(token)
})
