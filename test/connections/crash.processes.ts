import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { minute, newLink, logIn, bank, openRooms, realTime, type Rooms } from '../support/rooms.ts'

const patience = 15_000

/** A process that has asked Plaid for the exchange when it is killed: Plaid has done it, nobody heard. */
async function killedWhileExchanging(rooms: Rooms): Promise<string> {
  rooms.simulator.controls.failNext('/item/public_token/exchange', { kind: 'hang', after: true })
  const child = spawn(process.execPath, [join(import.meta.dirname, 'children/connect.ts')], {
    env: rooms.env,
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [linkId] = await once(child.stdout, 'data')
  await expect.poll(() => rooms.calls('/item/public_token/exchange'), { timeout: patience }).toBe(1)
  child.kill('SIGKILL')
  await once(child, 'close')
  return String(linkId)
}

describe('a crash between the exchange and our commit', () => {
  it('leaves the intent, and the next copy finishes it with the same Item', async () => {
    await using rooms = await openRooms({}, {}, realTime)
    const linkId = await killedWhileExchanging(rooms)
    expect(await rooms.app.store.links.find(linkId)).toMatchObject({ state: 'exchanging' })
    expect(await rooms.app.store.connections.list()).toEqual([])

    // The lease of the one that was killed has to run out first.
    rooms.advance(31_000)
    await rooms.app.connections.watcher.adopt()
    const ended = await rooms.app.connections.watcher.wait(linkId, patience)
    const [item, ...others] = rooms.simulator.controls.items()
    expect(ended).toMatchObject({ state: 'succeeded', itemId: item?.itemId })
    expect(others).toEqual([])
    expect(await rooms.find(item?.itemId ?? '')).toMatchObject({ institution: 'First Platypus Bank' })
  })

  it('is told as lost when the public token is too old by then', async () => {
    await using rooms = await openRooms({}, {}, realTime)
    const linkId = await killedWhileExchanging(rooms)
    rooms.advance(31 * minute)
    await rooms.app.connections.watcher.adopt()
    expect(await rooms.app.connections.watcher.wait(linkId, patience)).toMatchObject({
      state: 'lost',
      itemId: null,
    })
    expect(await rooms.app.store.connections.list()).toEqual([])
  })
})

describe('an answer of the exchange that never arrives', () => {
  it('is asked for again, and gives one connection', async () => {
    await using rooms = await openRooms({}, {}, realTime)
    rooms.simulator.controls.failNext('/item/public_token/exchange', { kind: 'reset', after: true })
    const { link, url } = await newLink(rooms.app)
    await logIn(url.open(), bank)
    expect(await rooms.app.connections.watcher.wait(link.linkId, patience)).toMatchObject({
      state: 'succeeded',
    })
    expect(await rooms.app.store.connections.list()).toHaveLength(1)
    expect(rooms.simulator.controls.items()).toHaveLength(1)
  })

  it('does not lose the token when what comes after the exchange fails', async () => {
    await using rooms = await openRooms({}, {}, realTime)
    rooms.simulator.controls.failNext(
      '/item/get',
      { kind: 'error', code: 'INTERNAL_SERVER_ERROR' },
      { times: 9 },
    )
    rooms.simulator.controls.failNext('/accounts/get', { kind: 'html', status: 502 }, { times: 9 })
    const itemId = await rooms.connect()
    expect(await rooms.app.store.connections.sealedToken(itemId)).not.toBeNull()
  })
})
