import { describe, expect, it, vi } from 'vitest'
import { finishLink } from '../../src/simulator/click.ts'
import { connectBank, type Household, household } from '../support/coffer.ts'
import { runCommand } from '../support/command.ts'
import { connectElsewhere } from '../support/elsewhere.ts'
import { run, runJson, type Running, start } from './process.ts'

// Each starts several processes, which a busy machine makes slow.
vi.setConfig({ testTimeout: 90_000 })

const typed = { institutionId: 'ins_109508', username: 'user_good', password: 'pass_good' }

async function linkOf(running: Running): Promise<string> {
  const pattern = /http:\/\/127\.0\.0\.1:\d+\/link\/\w+/
  await expect.poll(running.stdout, { timeout: 25_000 }).toMatch(pattern)
  return pattern.exec(running.stdout())?.[0] ?? ''
}

const importing = ({ env }: Household, token: string) =>
  runCommand(['tokens', 'import'], env, JSON.stringify({ access_token: token }))

function asked({ simulator }: Household, path: string): number {
  return simulator.controls.calls().filter((call) => call.path === path).length
}

async function total({ env }: Household): Promise<unknown> {
  return (await runJson(['list'], env)).json
}

/** Plaid is so slow that neither process is done when the other begins. */
function slowly({ simulator }: Household, ...paths: readonly string[]): void {
  for (const path of paths) simulator.controls.failNext(path, { kind: 'slow', ms: 700 }, { times: 8 })
}

describe('the same login by two processes at once', () => {
  it('imported by the same token is one connection, and the other one says so', async () => {
    await using house = await household()
    const { token } = await connectElsewhere(house)
    slowly(house, '/item/get', '/accounts/get')
    const ended = await Promise.all([importing(house, token), importing(house, token)])
    expect(new Set(ended.map(({ code }) => code))).toEqual(new Set([0, 1]))
    expect(ended.find(({ code }) => code === 1)?.stdout).toContain('ALREADY_CONNECTED')
    expect(await total(house)).toMatchObject({ total: 1 })
  })

  it('imported by two tokens is one connection, and the other one is named', async () => {
    await using house = await household()
    const [one, other] = [await connectElsewhere(house), await connectElsewhere(house)]
    slowly(house, '/item/get', '/accounts/get')
    const ended = await Promise.all([importing(house, one.token), importing(house, other.token)])
    expect(new Set(ended.map(({ code }) => code))).toEqual(new Set([0, 1]))
    expect(ended.find(({ code }) => code === 1)?.stdout).toMatch(/ALREADY_CONNECTED[^]*--keep/)
    expect(await total(house)).toMatchObject({ total: 1 })
  })

  it('connected twice is one connection: nothing is exchanged for the other', async () => {
    await using house = await household()
    const both = [start(['connect'], house.env), start(['connect'], house.env)]
    const links = await Promise.all(both.map(linkOf))
    slowly(house, '/item/public_token/exchange', '/accounts/get')
    await Promise.all(links.map((url) => finishLink(url, 'success', typed)))
    const ended = await Promise.all(both.map((running) => running.ended))
    expect(new Set(ended.map(({ code }) => code))).toEqual(new Set([0, 1]))
    expect(ended.find(({ code }) => code === 1)?.stdout).toContain('is connected already with this login')
    expect(asked(house, '/item/public_token/exchange')).toBe(1)
    expect(await total(house)).toMatchObject({ total: 1 })
  })

  it('connected while its token is imported is one connection', async () => {
    await using house = await household()
    const { token } = await connectElsewhere(house)
    const connecting = start(['connect'], house.env)
    const url = await linkOf(connecting)
    slowly(house, '/item/public_token/exchange', '/item/get', '/accounts/get')
    const imported = importing(house, token)
    await finishLink(url, 'success', typed)
    const ended = await Promise.all([connecting.ended, imported])
    expect(new Set(ended.map(({ code }) => code))).toEqual(new Set([0, 1]))
    expect(await total(house)).toMatchObject({ total: 1 })
  })

  it('repaired twice has one Link page, and both say that it works', async () => {
    await using house = await household()
    const copy = await house.start()
    const { item_id: itemId } = await connectBank(copy)
    await copy.close()
    house.simulator.controls.resetLogin(itemId)
    await run(['list', '--refresh'], house.env)
    const before = asked(house, '/link/token/create')
    slowly(house, '/link/token/create')
    const both = [start(['reauth'], house.env), start(['reauth'], house.env)]
    const links = await Promise.all(both.map(linkOf))
    expect(new Set(links).size).toBe(1)
    await finishLink(links[0] ?? '', 'success', typed)
    for (const ended of await Promise.all(both.map((running) => running.ended)))
      expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('works again') })
    expect(asked(house, '/link/token/create')).toBe(before + 1)
    expect(await total(house)).toMatchObject({ total: 1, connections: [{ status: 'active' }] })
  })
})
