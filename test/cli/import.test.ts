import { Readable } from 'node:stream'
import { expect, it, vi } from 'vitest'
import type { App } from '../../src/app.ts'
import type { Session } from '../../src/cli/command.ts'
import { importTokens } from '../../src/cli/commands/import.ts'
import { CofferError } from '../../src/errors.ts'
import { silentLog } from '../../src/log.ts'
import { connection } from '../store/rows.ts'

it('a token that was kept is told of, whatever becomes of its first fetch', async () => {
  vi.spyOn(process, 'stdin', 'get').mockReturnValue(
    Readable.from(['{"access_token":"access-sandbox-1"}']) as unknown as typeof process.stdin,
  )
  const printed: string[] = []
  const failing = () => Promise.reject(new CofferError('DATABASE_BUSY', 'Another one writes.'))
  // What a command looks at of it.
  const app = {
    admit: failing,
    sync: { read: failing },
    connections: { importToken: async () => connection({ itemId: 'kept' }) },
  } as unknown as App
  const session = {
    opened: { app: async () => app, log: async () => silentLog },
    about: [],
    json: false,
    print: (text: string) => printed.push(text),
    tell: (text: string) => printed.push(text),
    progress: () => undefined,
  } as unknown as Session

  expect(await importTokens(session, {})).toBe(0)
  expect(printed).toEqual([
    expect.stringMatching(/imported.*kept/),
    expect.stringMatching(/coffer-mcp sync[^]*DATABASE_BUSY: Another one writes/),
  ])
})
