import { chmodSync, copyFileSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { tools } from '../../src/tools/index.ts'
import { connectBank, type Copy, type Household, household } from '../support/coffer.ts'
import { until } from '../support/until.ts'
import { run, runJson } from './process.ts'
import { atTerminal, keys, noTerminal } from './terminal.ts'

// Each starts several processes, which a busy machine makes slow.
vi.setConfig({ testTimeout: 90_000 })

const dataOf = ({ home }: Household) => join(home, 'data')

/** A bank that is connected and fetched; the copy goes on. */
async function lived(house: Household): Promise<{ copy: Copy; itemId: string }> {
  const copy = await house.start()
  const { item_id: itemId } = await connectBank(copy)
  await copy.call('sync_snapshot')
  return { copy, itemId }
}

async function institutions(copy: Copy): Promise<string[]> {
  const { connections } = await copy.call('list_connections')
  return connections.map(({ institution }) => institution)
}

describe('restore', () => {
  it('beside copies that run: they see it at once, know the token still, and check the login', async () => {
    await using house = await household()
    const { copy, itemId } = await lived(house)
    await copy.call('set_rule', { match: 'coffee', kind: 'ignore' })
    await run(['backup'], house.env)
    const before = await copy.call('sync_snapshot', { max_age_minutes: -1 })
    await copy.call('set_rule', { match: 'coffee', remove: true })
    await connectBank(copy, { institutionId: 'ins_109511' })
    const refused = await run(['restore'], house.env)
    expect(refused).toMatchObject({
      code: 77,
      stdout: '',
      stderr: expect.stringMatching(/^NOT_CONFIRMED: .*\n.*--yes/),
    })

    const restored = await runJson(['restore', '--yes'], house.env)
    expect(restored).toMatchObject({
      code: 0,
      json: {
        restored: true,
        connections: [{ item_id: itemId }],
        left_out: [],
        connected_since: [{ institution: 'Tartan Bank' }],
        tokens_that_do_not_open: [],
      },
    })
    expect(await institutions(copy)).toEqual(['First Platypus Bank', 'Tartan Bank'])
    // Both, by their hashes.
    const { json: log } = await runJson(['audit'], house.env)
    const done = { name: 'restore', outcome: 'ok', connections: [expect.any(String), expect.any(String)] }
    expect(log).toMatchObject({ rows: expect.arrayContaining([expect.objectContaining(done)]) })
    const { rules } = await copy.call('set_rule', { match: 'coffee', kind: 'ignore' })
    expect(rules).toHaveLength(1)
    const after = await copy.call('sync_snapshot', { max_age_minutes: 0 })
    expect(after.connections.map(({ status }) => status)).toEqual(['active', 'active'])
    expect(before.connections).toHaveLength(1)
    expect(await run(['restore', '--list'], house.env)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/-asked\.db\s+backups .*good[^]*-replaced\.db\s+replaced .*good/),
    })
    await copy.close()
  })

  it('does not bring back what was removed since, not even from a backup that was kept elsewhere', async () => {
    await using house = await household()
    const { copy, itemId } = await lived(house)
    const { json } = await runJson(['backup'], house.env)
    const elsewhere = join(house.home, 'mine.db')
    copyFileSync((json as { file: string }).file, elsewhere)
    chmodSync(elsewhere, 0o600)
    await run(['tokens', 'revoke', itemId, '--yes'], house.env)
    const { code, stdout } = await run(['restore', elsewhere, '--yes'], house.env)
    expect(code).toBe(0)
    expect(stdout).toContain('First Platypus Bank does not come back: it was removed since.')
    expect(await institutions(copy)).toEqual([])
    await copy.close()
  })

  it.each(['damaged', 'gone', 'gone with its marker'])(
    'of a database that is %s: every tool says the command, and works again after it',
    async (what) => {
      await using house = await household()
      const { copy, itemId } = await lived(house)
      await run(['backup'], house.env)
      await copy.close()
      const path = join(dataOf(house), 'coffer.db')
      if (what === 'damaged') writeFileSync(path, 'My holiday photos.\n'.repeat(400), { mode: 0o600 })
      else for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true })
      if (what === 'gone with its marker') rmSync(join(dataOf(house), 'database.id'))
      const running = await house.start()
      for (const { name } of tools) {
        const args = name === 'check_connection' ? { item_id: 'any' } : {}
        const said = await running.failure(name, args)
        expect(said).toMatch(
          /^DATABASE_DAMAGED: [^]*coffer-mcp restore: the newest good backup is coffer-.*\.db/,
        )
      }
      expect(existsSync(path)).toBe(false)
      expect(existsSync(join(dataOf(house), 'quarantine'))).toBe(what === 'damaged')
      const restored = await runJson(['restore', '--yes'], house.env)
      expect(restored).toMatchObject({ code: 0, json: { connections: [{ item_id: itemId }] } })
      expect(await institutions(running)).toEqual(['First Platypus Bank'])
      const { connections } = await running.call('list_connections', { refresh: true })
      expect(connections).toMatchObject([{ status: 'active' }])
      await running.close()
    },
  )

  it('needs the key that the tokens are sealed with, and says so before anything is changed', async () => {
    await using house = await household()
    const { copy } = await lived(house)
    const made = await runJson(['backup'], house.env)
    await copy.close()
    const env = {
      ...house.env,
      COFFER_HOME: join(house.home, 'elsewhere'),
      COFFER_KEY: `file:${join(house.home, 'no.key')}`,
    }
    const { file } = made.json as { file: string }
    const refused = await run(['restore', file, '--yes'], env)
    expect(refused).toMatchObject({
      code: 78,
      stdout: '',
      stderr: expect.stringMatching(/^VAULT_LOCKED: .*do not open here/),
    })
    expect(readdirSync(env.COFFER_HOME).filter((name) => !name.endsWith('.lock'))).toEqual([])
    const moved = { ...house.env, COFFER_HOME: env.COFFER_HOME }
    expect(await run(['restore', file, '--yes'], moved)).toMatchObject({ code: 0 })
    const there = await house.start(moved)
    expect(await institutions(there)).toEqual(['First Platypus Bank'])
    await there.close()
  })

  it.skipIf(noTerminal !== null)('asks at a terminal, where the first answer is no', async () => {
    await using house = await household()
    const { copy } = await lived(house)
    await run(['backup'], house.env)
    const terminal = atTerminal(['restore'], house.env)
    await until(() => /Restore [^]* No/.test(terminal.screen()))
    terminal.type(keys.enter)
    expect(await terminal.ended).toBe(77)
    await copy.close()
  })
})
