import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { connectBank, household } from '../support/coffer.ts'
import { openerIn } from '../support/opener.ts'
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

describe.skipIf(process.platform !== 'linux')(
  'what a browser is started with, which all users can see',
  () => {
    it('is a file of this user alone, which is gone once it has led to the pages', async () => {
      const house = await newHouse()
      const opener = openerIn(house.home)
      const running = start(['open'], { ...house.env, ...opener.env, COFFER_PAGES_PORT: '0' })
      await until(() => opener.opened().length === 1 && link.test(running.stdout()))
      const [file = ''] = opener.opened()
      const url = link.exec(running.stdout())?.[1] ?? ''
      const directory = join(house.env.COFFER_HOME ?? '', 'opening')
      expect(dirname(file)).toBe(directory)
      expect([directory, file].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o600])
      expect(readFileSync(file, 'utf8')).toContain(`<meta http-equiv="refresh" content="0;url=${url}" />`)
      expect(running.stdout()).toContain('If something else shows, or nothing, open this link')

      expect((await fetch(url)).status).toBe(200)
      expect(readdirSync(directory)).toEqual([])
    })

    it('goes with the command, and what a killed one left with the next', async () => {
      const house = await newHouse()
      const opener = openerIn(house.home)
      const env = { ...house.env, ...opener.env, COFFER_PAGES_PORT: '0' }
      const openedBy = async (count: number) => {
        const running = start(['open'], env)
        await until(() => opener.opened().length === count && link.test(running.stdout()))
        return { running, file: opener.opened().at(-1) ?? '' }
      }
      const killed = await openedBy(1)
      killed.running.child.kill('SIGKILL')
      await killed.running.ended
      expect(existsSync(killed.file)).toBe(true)
      const past = new Date(Date.now() - 11 * 60_000)
      utimesSync(killed.file, past, past)

      const next = await openedBy(2)
      expect(readdirSync(dirname(next.file)).map((name) => join(dirname(next.file), name))).toEqual([
        next.file,
      ])
      next.running.child.kill('SIGTERM')
      await next.running.ended
      expect(readdirSync(dirname(next.file))).toEqual([])
    })

    it('is nothing where the browser may not read the file: the link is there', async () => {
      const house = await newHouse()
      const opener = openerIn(house.home, 'firefox_firefox.desktop')
      const hidden = join(house.home, '.local', 'coffer')
      const env = { ...house.env, ...opener.env, COFFER_HOME: hidden, COFFER_PAGES_PORT: '0' }
      const running = start(['open'], env)
      await until(() => link.test(running.stdout()))
      expect(running.stdout()).toMatch(/^Open this link, which works once/)
      expect(opener.opened()).toEqual([])
    })

    it('is such a file for a page that asks for a yes too', async () => {
      const house = await newHouse()
      const opener = openerIn(house.home)
      const chat = await house.start({ COFFER_LISTEN: 'off', COFFER_PAGES_PORT: '0' })
      const { item_id } = await connectBank(chat)
      await chat.close()
      const opening = await house.start({ COFFER_LISTEN: 'off', COFFER_PAGES_PORT: '0', ...opener.env })
      const { next_step } = await opening.call('revoke_connection', { item_id })
      const url = /http:\S+/.exec(next_step?.text ?? '')?.[0] ?? ''
      await until(() => opener.opened().length === 1)
      const [file = ''] = opener.opened()
      expect(file).toMatch(/\/opening\/[0-9a-f]{24}\.html$/)
      expect(readFileSync(file, 'utf8')).toContain(url)
      expect(next_step?.text).toContain('opened in the browser')
      await fetch(url)
      expect(existsSync(file)).toBe(false)
    })

    it('is nothing where the file cannot be written: the link is there', async () => {
      const house = await newHouse()
      const opener = openerIn(house.home)
      await run(['list'], house.env)
      writeFileSync(join(house.env.COFFER_HOME ?? '', 'opening'), 'in the way')
      const running = start(['open'], { ...house.env, ...opener.env, COFFER_PAGES_PORT: '0' })
      await until(() => link.test(running.stdout()))
      expect(running.stdout()).toMatch(/^Open this link/)
    })
  },
)
