import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { openStore } from '../../src/store/index.ts'
import { killHard, runChild, startChild } from './children/start.ts'
import { driversOf } from './faulty-driver.ts'
import { driverNames, freshHome, freshStore } from './fixtures.ts'
import { connection } from './rows.ts'

const [better, nodes] = driverNames

describe('several processes on one data directory', () => {
  it('start at the same moment on nothing, and make one database', async () => {
    const home = freshHome()
    const drivers = [better, nodes, better, nodes, better, nodes]
    const ended = await Promise.all(drivers.map((driver) => runChild('open-home', home, driver)))
    const { databaseId } = await freshStore({ home })
    expect(ended).toEqual(drivers.map(() => ({ code: 0, stdout: databaseId, stderr: '' })))
  })

  it('read and write in turn, and lose nothing', async () => {
    const home = freshHome()
    const store = await freshStore({ home })
    await store.connections.insert(connection({ label: '0' }), 'sealed')
    const drivers = [better, nodes, better, nodes]
    const ended = await Promise.all(drivers.map((driver) => runChild('count-up', home, driver, '100')))
    expect(ended).toEqual(drivers.map(() => ({ code: 0, stdout: '', stderr: '' })))
    expect((await store.connections.find('item-1'))?.label).toBe('400')
  })
})

describe('an old SQLite among several processes', () => {
  it('has all of them write without a WAL, and nothing is lost', async () => {
    const home = freshHome()
    const first = await openStore({ home, drivers: driversOf('3.50.4') })
    await first.connections.insert(connection({ label: '0' }), 'sealed')
    const drivers = [better, nodes, better]
    const ended = await Promise.all(drivers.map((driver) => runChild('count-up', home, driver, '60')))
    expect(ended).toEqual(drivers.map(() => ({ code: 0, stdout: '', stderr: '' })))
    expect((await first.connections.find('item-1'))?.label).toBe('180')
    await first.close()
    expect(readdirSync(home)).not.toContain('coffer.db-wal')
  })
})

describe.each(driverNames)('a process on %s that is killed', (driver) => {
  it('loses nothing that it has said was stored', async () => {
    const home = freshHome()
    const said: number[] = []
    for (const [round, times] of [1, 5, 20, 60, 150].entries()) {
      said.push(...(await writeUntilKilled(home, driver, round * 10_000, times)))
      const store = await openStore({ home, driver })
      const tokens = (await store.connections.sealedTokens()).map(({ sealedToken }) => sealedToken)
      const accounts = (await store.accounts.list()).map(({ accountId }) => accountId)
      await store.close()
      expect(new Set(tokens)).toEqual(new Set([...tokens, ...said.map((number) => `sealed ${number}`)]))
      expect(new Set(accounts)).toEqual(new Set([...accounts, ...said.map((number) => `acc-${number}`)]))
    }
  })

  it.each([0, 80, 160, 240])('at its first start, after %s ms, leaves nothing in the way', async (ms) => {
    const home = freshHome()
    const child = startChild('open-home', home, driver)
    await new Promise((resolve) => setTimeout(resolve, ms))
    await killHard(child)
    const { connections } = await freshStore({ home, driver })
    expect(await connections.list()).toEqual([])
  })
})

/** Kills a writer as soon as it has said `times` times that a row is stored; gives all that it said. */
async function writeUntilKilled(home: string, driver: string, first: number, times: number) {
  const child = startChild('insert-forever', home, driver, String(first))
  let said = ''
  for await (const piece of child.stdout) {
    said += String(piece)
    if (said.split('\n').length > times) child.kill('SIGKILL')
  }
  return said.split('\n').slice(0, -1).map(Number)
}
