import { describe, expect, it, onTestFinished } from 'vitest'
import { household } from '../support/coffer.ts'
import { freePort } from '../support/port.ts'
import { until } from '../support/until.ts'
import { freshEnv, run, start } from './process.ts'

const link = /^ {2}(http:\/\/127\.0\.0\.1:\d+\/enter\/[\w-]{43})$/m

async function newHouse() {
  const house = await household()
  onTestFinished(() => house[Symbol.asyncDispose]())
  return house
}

describe('coffer-mcp open', () => {
  it.for(['SIGINT', 'SIGTERM'] as const)('serves where the settings say until %s', async (signal) => {
    const house = await newHouse()
    const port = await freePort()
    const running = start(['open', '--no-browser'], { ...house.env, COFFER_PAGES_PORT: String(port) })
    await until(() => link.test(running.stdout()))
    const url = new URL(link.exec(running.stdout())?.[1] ?? '')
    expect(url.port).toBe(String(port))
    expect((await fetch(url)).status).toBe(200)
    running.child.kill(signal)
    expect(await running.ended).toMatchObject({ code: 0, stderr: '' })
    await expect(fetch(url)).rejects.toThrow('fetch failed')
  })

  it('lets nobody in by the link of another run', async () => {
    const house = await newHouse()
    const opened = async () => {
      const running = start(['open', '--json'], { ...house.env, COFFER_PAGES_PORT: '0' })
      await until(() => running.stdout().includes('}'))
      return new URL(String(Object(JSON.parse(running.stdout())).url))
    }
    const [first, second] = await Promise.all([opened(), opened()])
    expect((await fetch(new URL(first.pathname, second))).status).toBe(410)
    // What was tried elsewhere is not used up.
    expect((await fetch(first)).status).toBe(200)
  })

  it('says what to set where there are no keys', async () => {
    const { code, stderr, stdout } = await run(['open'], freshEnv())
    expect({ code, stdout }).toEqual({ code: 78, stdout: '' })
    expect(stderr).toContain('NOT_CONFIGURED')
  })
})
