import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type Household, household, script } from '../support/coffer.ts'
import { freePort, stranger } from '../support/port.ts'
import { until } from '../support/until.ts'
import { freshEnv, run, runJson, type Running, start } from './process.ts'

const listening = /^listening on http:\/\/127\.0\.0\.1:(\d+)\/plaid\/webhook\n$/

async function newHouse(): Promise<Household> {
  const house = await household()
  onTestFinished(() => house[Symbol.asyncDispose]())
  return house
}

async function portOf(running: Running): Promise<number> {
  const says = /listening on http:\/\/127\.0\.0\.1:(\d+)\//
  await until(() => says.test(running.stdout()))
  return Number(says.exec(running.stdout())?.[1])
}

function post(port: number): Promise<Response> {
  const headers = { 'content-type': 'application/json' }
  return fetch(`http://127.0.0.1:${port}/plaid/webhook`, { method: 'POST', headers, body: '{}' })
}

async function stop(running: Running, signal: NodeJS.Signals = 'SIGTERM') {
  const at = performance.now()
  running.child.kill(signal)
  const { code, stderr } = await running.ended
  return { code, stderr, ms: performance.now() - at }
}

/** It leaves with the test, if not before. */
async function strangerOfThisTest() {
  const other = await stranger()
  onTestFinished(() => other.leave())
  return other
}

describe('coffer-mcp listen', () => {
  it.for(['SIGTERM', 'SIGINT'] as const)(
    'listens, says where, and ends with 0 within 2 s of %s',
    async (signal) => {
      const house = await newHouse()
      const pagesPort = await freePort()
      const running = start(['listen'], { ...house.env, COFFER_PAGES_PORT: String(pagesPort) })
      const port = await portOf(running)
      expect(running.stdout()).toMatch(listening)
      await until(
        async () => (await fetch(`http://127.0.0.1:${pagesPort}/done/x`).catch(() => null)) !== null,
      )
      expect((await post(port)).status).toBe(401)
      const { code, stderr, ms } = await stop(running, signal)
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(ms).toBeLessThan(2_000)
      await expect(post(port)).rejects.toThrow('fetch failed')
    },
  )

  it('waits while another leads, and takes over within 2 s of its death', async () => {
    const house = await newHouse()
    const port = await freePort()
    const env = { ...house.env, COFFER_PORT: String(port) }
    const running = [1, 2, 3, 4].map(() => start(['listen'], env))
    const says = (text: string) => running.filter((one) => one.stdout().includes(text))
    await until(() => says('listening on').length === 1 && says('waiting').length === 3)
    for (const kills of [1, 2, 3]) {
      const leader = running.findLast((one) => one.stdout().includes('listening on') && !one.child.killed)
      const at = performance.now()
      leader?.child.kill('SIGKILL')
      await until(() => says('took over').length === kills)
      expect(performance.now() - at).toBeLessThan(2_000)
      expect((await post(port)).status).toBe(401)
      expect(says('listening on').filter(({ child }) => !child.killed)).toHaveLength(1)
    }
    const [last] = running.filter(({ child }) => !child.killed)
    expect(last?.stdout()).toBe(
      `waiting: another copy of coffer-mcp leads\ntook over: listening on http://127.0.0.1:${port}/plaid/webhook\n`,
    )
  })

  it('says that a stranger has the port, goes on, and takes it when it is free', async () => {
    const house = await newHouse()
    const other = await strangerOfThisTest()
    const env = { ...house.env, COFFER_PORT: String(other.port) }
    const running = start(['listen'], env)
    await until(() => running.stdout().includes('not listening'))
    expect(running.stdout()).toBe(
      `leading, not listening: port ${other.port} is used by another program; tried again every few seconds\n`,
    )
    expect(await run(['doctor'], env)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('✓ webhooks: nobody listens: another program has the port'),
    })
    expect(
      await run(['doctor'], { ...env, COFFER_WEBHOOK_URL: 'https://t.example.test/plaid/webhook' }),
    ).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('✗ webhooks: nobody listens: another program has the port'),
    })
    await other.leave()
    expect(await portOf(running)).toBe(other.port)
    expect((await post(other.port)).status).toBe(401)
    expect(running.stdout().match(/not listening/g)).toHaveLength(1)
  })

  it('works on the demo, whose banks are told to speak to it', async () => {
    const env = freshEnv()
    const running = start(['listen', '--demo'], env)
    const port = await portOf(running)
    const url = `http://127.0.0.1:${port}/plaid/webhook`
    await until(async () => {
      const { stdout } = await run(['doctor', '--demo'], env)
      return stdout.split(`Plaid sends them to ${url}`).length === 4
    })
    expect(await runJson(['doctor', '--demo'], env)).toMatchObject({
      code: 0,
      json: {
        findings: expect.arrayContaining([{ check: 'webhooks', ok: true, says: `listening on ${url}` }]),
      },
    })
    expect(await stop(running)).toMatchObject({ code: 0, stderr: '' })
  })

  it('without keys ends with 78', async () => {
    const { code, stdout, stderr } = await run(['listen'], freshEnv())
    expect({ code, stdout }).toEqual({ code: 78, stdout: '' })
    expect(stderr).toMatch(/^NOT_CONFIGURED: /)
    expect(await run(['listen', '--port', 'none'], freshEnv())).toMatchObject({ code: 78 })
  })

  it('goes on when nobody reads what it says, with stdin closed', async () => {
    const house = await newHouse()
    const first = start(['listen'], house.env)
    await portOf(first)
    const quoted = [process.execPath, script].map((part) => `'${part}'`).join(' ')
    const child = spawn('sh', ['-c', `exec ${quoted} listen <&-`], {
      env: { ...house.env, COFFER_LOG_LEVEL: 'info', COFFER_LOG_FILE: `${house.home}/log` },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    await once(child.stdout, 'data')
    child.stdout.destroy()
    child.stderr.destroy()
    await stop(first)
    await until(() => readFileSync(`${house.home}/log`, 'utf8').includes('webhook.listening'))
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
  })

  it('with COFFER_LISTEN=off leads without a port, and hands over to one that listens', async () => {
    const house = await newHouse()
    const off = start(['listen', '--listen', 'off'], house.env)
    await until(() => off.stdout() === 'leading, not listening: COFFER_LISTEN is off\n')
    const on = start(['listen'], house.env)
    await portOf(on)
    expect(on.stdout()).toContain('took over: listening on')
    await until(() => off.stdout().endsWith('waiting: another copy of coffer-mcp leads\n'))
    on.child.kill('SIGKILL')
    await until(() => off.stdout().endsWith('took over: leading, not listening: COFFER_LISTEN is off\n'))
  })
})
