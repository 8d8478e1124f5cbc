import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const room = join(import.meta.dirname, '../../src/webhook/index.ts')

// Undici is much of what a web server takes of memory, and whatever makes a Response brings it.
const program = `
  const { startListener } = await import(${JSON.stringify(room)})
  const isLoaded = () => process.moduleLoadList.includes('NativeModule internal/deps/undici/undici')
  const deps = { now: Date.now, store: {}, log: { info() {} }, webhookUrl: null, forwardSecret: null }
  const listener = await startListener(deps, 0)
  const before = isLoaded()
  const { get } = process.getBuiltinModule('node:http')
  const url = 'http://127.0.0.1:' + listener.port + '/'
  const status = await new Promise((resolve) => get(url, ({ statusCode }) => resolve(statusCode)))
  process.stdout.write(JSON.stringify({ before, status, after: isLoaded() }))
  process.exit()
`

it('a listener that nobody has called is small: what answers comes with the first request', async () => {
  const run = promisify(execFile)
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program])
  expect(JSON.parse(stdout)).toEqual({ before: false, status: 404, after: true })
})
