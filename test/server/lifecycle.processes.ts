import { describe, expect, it } from 'vitest'
import { connectBank, household } from '../support/coffer.ts'
import { until } from '../support/until.ts'
import { callOf, initialize, initialized, linesOf, type Raw, startRaw } from './raw.ts'

async function greet(raw: Raw): Promise<void> {
  raw.send(initialize)
  await raw.answer(1)
  raw.send(initialized)
}

/** A leader with an open link that it polls: every kind of background work there is. */
async function busy(raw: Raw): Promise<void> {
  await greet(raw)
  raw.send(callOf(2, 'connect_bank'))
  await raw.answer(2)
  await until(() => raw.stderr().includes('leader.started'))
}

const talking = { COFFER_LOG_LEVEL: 'debug' }

describe.concurrent('the life of the process', () => {
  it.for([
    ['the end of stdin', (raw: Raw) => raw.child.stdin.end()],
    ['SIGTERM', (raw: Raw) => raw.child.kill('SIGTERM')],
    ['SIGINT', (raw: Raw) => raw.child.kill('SIGINT')],
    ['SIGHUP', (raw: Raw) => raw.child.kill('SIGHUP')],
  ] as const)('is over within 2 s of %s, with background work on', async ([_what, stop]) => {
    await using house = await household()
    await using raw = startRaw({ ...house.env, ...talking })
    await busy(raw)
    stop(raw)
    const { code, signal, ms } = await raw.ended()
    expect({ code, signal }).toEqual({ code: 0, signal: null })
    expect(ms).toBeLessThan(2000)
  })

  it('is over within 2 s of the end of stdin while a call to Plaid hangs', async () => {
    await using house = await household()
    const copy = await house.start()
    await connectBank(copy)
    await copy.close()
    await using raw = startRaw({ ...house.env, ...talking })
    await greet(raw)
    house.simulator.controls.failNext('/item/get', { kind: 'hang' }, { times: 9 })
    raw.send(callOf(2, 'sync_snapshot', { max_age_minutes: 0 }))
    // A call that hangs is in no list of the simulator's, so a moment has to do.
    await new Promise((resolve) => setTimeout(resolve, 700))
    raw.child.stdin.end()
    const { code, ms } = await raw.ended()
    expect(code).toBe(0)
    expect(ms).toBeLessThan(2000)
  })

  it('ends quietly when nobody reads stdout any more', async () => {
    await using house = await household()
    await using raw = startRaw(house.env)
    await greet(raw)
    raw.child.stdout.destroy()
    raw.send(callOf(2, 'list_connections'))
    raw.send(callOf(3, 'list_connections'))
    expect(await raw.ended()).toMatchObject({ code: 0, signal: null })
    expect(raw.stderr()).toBe('')
  })

  it('goes on when nobody reads stderr any more', async () => {
    await using house = await household()
    await using raw = startRaw({ ...house.env, ...talking })
    raw.child.stderr.destroy()
    await greet(raw)
    raw.send(callOf(2, 'list_connections'))
    expect(await raw.answer(2)).toMatchObject({ result: { structuredContent: { total: 0 } } })
  })

  it('ends before the first greeting too', async () => {
    await using house = await household()
    await using raw = startRaw(house.env)
    raw.child.stdin.end()
    expect(await raw.ended()).toMatchObject({ code: 0 })
    expect([raw.stdout(), raw.stderr()]).toEqual(['', ''])
  })
})

describe.concurrent('stdout', () => {
  it('carries nothing but the protocol at log level debug, whatever happens', async () => {
    await using house = await household()
    await using raw = startRaw({ ...house.env, ...talking, NODE_OPTIONS: '--trace-warnings' })
    await greet(raw)
    raw.send({ jsonrpc: '2.0', id: 2, method: 'tools/list' })
    raw.send(callOf(3, 'connect_bank'))
    raw.send(callOf(4, 'sync_snapshot'))
    raw.send(callOf(5, 'no_such_tool'))
    raw.send(callOf(6, 'token_analytics', { colour: 'red' }))
    house.simulator.controls.failNext('/link/token/create', { kind: 'html', status: 502 })
    raw.send(callOf(7, 'connect_bank', { kind: 'brokerage' }))
    await Promise.all([2, 3, 4, 5, 6, 7].map((id) => raw.answer(id)))
    await until(() => raw.stderr().includes('plaid.call'))
    raw.child.stdin.end()
    await raw.ended()
    const lines = linesOf(raw.stdout())
    expect(raw.stdout().endsWith('\n')).toBe(true)
    expect(lines.map((line) => line.jsonrpc)).toEqual(lines.map(() => '2.0'))
    expect(new Set(lines.map((line) => line.id))).toEqual(new Set([1, 2, 3, 4, 5, 6, 7]))
    expect(lines).toHaveLength(7)
    // The log is lines of JSON as well, on stderr.
    expect(linesOf(raw.stderr()).length).toBeGreaterThan(3)
  })

  it('survives what is no message at all', async () => {
    await using house = await household()
    await using raw = startRaw(house.env)
    await greet(raw)
    for (const line of ['{', 'hello', '', '[]', '{"jsonrpc":"1.0"}', 'null', '\u0000\uFFFD']) raw.send(line)
    raw.send(callOf(2, 'list_connections'))
    expect(await raw.answer(2)).toMatchObject({ result: { structuredContent: { total: 0 } } })
  })

  it('takes a message in pieces, and two in one', async () => {
    await using house = await household()
    await using raw = startRaw(house.env)
    const text = `${JSON.stringify(initialize)}\n`
    raw.child.stdin.write(text.slice(0, 20))
    await new Promise((resolve) => setTimeout(resolve, 20))
    raw.child.stdin.write(text.slice(20))
    await raw.answer(1)
    raw.send(`${JSON.stringify(initialized)}\n${JSON.stringify(callOf(2, 'list_connections'))}`)
    expect(await raw.answer(2)).toMatchObject({ result: { structuredContent: { total: 0 } } })
  })
})
