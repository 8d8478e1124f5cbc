// Makes docs/screenshots/*.png of the local pages of the demo, in Debian's Chromium: npm run screenshots
// The demo's household has fixed banks, and figures that follow the calendar; some days of its past are made up here.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { openStore } from '../src/store/index.ts'

const root = join(import.meta.dirname, '..')
const folder = join(root, 'docs', 'screenshots')
const home = mkdtempSync(join(tmpdir(), 'coffer-screenshots-'))
const env = {
  ...process.env,
  COFFER_HOME: home,
  COFFER_PAGES_PORT: '0',
  COFFER_PORT: '0',
  COFFER_OPEN: 'off',
}

const desk = { width: 860, height: 700 }
const phone = { width: 390, height: 780 }
const shots = [
  { name: 'connections', path: '/connections', size: desk, scheme: 'light' },
  { name: 'connections-dark', path: '/connections', size: desk, scheme: 'dark' },
  { name: 'connections-phone', path: '/connections', size: phone, scheme: 'light' },
  { name: 'snapshot', path: '/snapshot', size: desk, scheme: 'light' },
  { name: 'snapshot-phone-dark', path: '/snapshot', size: phone, scheme: 'dark' },
  { name: 'upcoming', path: '/upcoming', size: desk, scheme: 'light' },
  { name: 'upkeep', path: '/upkeep', size: desk, scheme: 'dark' },
]

try {
  await command('sync', '--demo')
  await makeUpPast()
  const { child, url } = await open()
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-lcd-text'],
  })
  const context = await browser.newContext()
  await visit(context, url)
  const pages = new URL(url).origin
  await press(context, pages, 'Fetch these months', 'These months were fetched')
  await breakBank()
  await press(context, pages, 'Fetch now', 'Not complete')
  mkdirSync(folder, { recursive: true })
  for (const shot of shots) await shoot(context, pages, shot)
  await browser.close()
  child.kill()
  // A quarter of the size, where it is installed.
  spawn('pngquant', ['--force', '--ext', '.png', ...shots.map(({ name }) => join(folder, `${name}.png`))]).on(
    'error',
    () => undefined,
  )
} finally {
  rmSync(home, { recursive: true, force: true })
}

async function command(...args) {
  const child = spawn(process.execPath, [join(root, 'dist', 'bin.js'), ...args], { env, stdio: 'ignore' })
  await once(child, 'exit')
}

/** Three months of net worth, a little more each week. */
async function makeUpPast() {
  const store = await openStore({ home: join(home, 'demo'), now: Date.now })
  const today = (await store.history.list()).at(-1)
  const weeks = Array.from({ length: 13 }, (_, index) => 13 - index)
  for (const week of weeks) {
    const takenAt = new Date(Date.parse(today.takenAt) - week * 7 * 86_400_000).toISOString()
    const less = week * 81_500 - (week % 3) * 60_000
    const row = {
      ...today,
      takenAt,
      date: takenAt.slice(0, 10),
      netWorth: today.netWorth - less,
      complete: week !== 5,
    }
    await store.history.add([row], '2000-01-01')
  }
  await store.close()
}

async function open() {
  const args = ['open', '--demo', '--json']
  const child = spawn(process.execPath, [join(root, 'dist', 'bin.js'), ...args], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(child.stdout, 'data')
  return { child, url: JSON.parse(line.toString()).url }
}

async function visit(context, url) {
  const page = await context.newPage()
  await page.goto(url)
  await page.getByRole('heading', { name: 'Connections' }).waitFor()
  await page.close()
}

/** The first bank wants a new login, as after `curl .../_simulator/resetLogin`. */
async function breakBank() {
  const port = readFileSync(join(home, 'demo', 'simulator.port'), 'utf8').trim()
  const store = await openStore({ home: join(home, 'demo'), now: Date.now })
  const [first] = await store.connections.list()
  await store.close()
  const body = JSON.stringify({ args: [first.itemId] })
  const headers = { 'content-type': 'application/json' }
  await fetch(`http://127.0.0.1:${port}/_simulator/resetLogin`, { method: 'POST', headers, body })
}

/** A button of the snapshot, and what is said after it. */
async function press(context, pages, name, text) {
  const page = await context.newPage()
  await page.goto(`${pages}/snapshot`)
  await page.getByRole('button', { name }).click()
  await page.getByText(text).first().waitFor()
  await page.close()
}

async function shoot(context, pages, { name, path, size, scheme }) {
  const page = await context.newPage()
  await page.setViewportSize(size)
  await page.emulateMedia({ colorScheme: scheme })
  await page.goto(`${pages}${path}`)
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
  await page.close()
}
