import { getEventListeners } from 'node:events'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import type { Actor } from '../../src/audit-entry.ts'
import { CofferError } from '../../src/errors.ts'
import type { Log } from '../../src/log.ts'
import type { Core } from '../../src/tools/context.ts'
import { type AnyTool, defineTool, type Tool } from '../../src/tools/define.ts'
import { runTool } from '../../src/tools/run.ts'

const input = z.strictObject({
  days: z.number().int().min(1).default(30),
  kind: z.enum(['bank', 'brokerage']).optional(),
})
const output = z.object({ days: z.number(), rows: z.array(z.object({ name: z.string() })).optional() })

const example = { name: 'get_example', title: 'Example', description: 'An example', effect: 'read' } as const

function tool(handle: Tool<typeof input, typeof output>['handle']) {
  return defineTool({ ...example, input, output, handle })
}

const lists = defineTool({
  ...example,
  output,
  input: z.strictObject({ list: z.array(z.number()).optional() }),
  handle: async () => ({ days: 1 }),
})
const echo = tool(async ({ days }) => ({ days }))

interface Line {
  readonly level: string
  readonly event: string
  readonly fields: object
}

function recordingLog(): { log: Log; lines: Line[] } {
  const lines: Line[] = []
  const at =
    (level: string) =>
    (event: string, fields: object = {}) =>
      void lines.push({ level, event, fields })
  return { log: { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') }, lines }
}

async function run(which: AnyTool, args: unknown, core: () => Promise<Core> = noCore, actor: Actor = 'tool') {
  const { log, lines } = recordingLog()
  const signal = new AbortController().signal
  const result = await runTool(which, args, { core, log, signal, progress: () => undefined, actor })
  return { result, lines, text: result.content[0]?.text ?? '' }
}

/** These tools look at nothing of it. */
const noCore = async () => ({ audit: { note: () => undefined } }) as unknown as Core

describe('the arguments', () => {
  it('get their defaults, and may be left out altogether', async () => {
    for (const args of [{}, undefined, null]) {
      expect((await run(echo, args)).result.structuredContent).toEqual({ days: 30 })
    }
  })

  it.each<[unknown, string]>([
    [{ dayz: 3 }, 'unknown argument "dayz"'],
    [{ a: 1, b: 2 }, 'unknown argument "a", "b"'],
    [{ days: '3' }, 'days: '],
    [{ days: 0 }, 'days: '],
    [{ days: 1.5 }, 'days: '],
    [{ days: null }, 'days: '],
    [{ kind: 'savings' }, 'kind: '],
    [[], 'get_example: '],
    ['days', 'get_example: '],
    [{ days: 0, kind: 'x', more: 1 }, 'kind: '],
  ])('%j are refused with what is wrong and the right ones', async (args, problem) => {
    const { result, text } = await run(echo, args)
    expect(result.isError).toBe(true)
    expect(text).toMatch(/^INVALID_ARGUMENTS: get_example: /)
    expect(text).toContain(problem)
    expect(text).toContain('It takes: days, kind.')
  })

  it('that are wrong are told of, unless nothing works before something is set', async () => {
    const failing = (code: 'NOT_CONFIGURED' | 'DATABASE_DAMAGED' | 'DATABASE_BUSY') => () =>
      Promise.reject(new CofferError(code, 'made up', { retryable: code === 'DATABASE_BUSY' }))
    expect((await run(echo, { wrong: 1 }, failing('NOT_CONFIGURED'))).text).toMatch(/^NOT_CONFIGURED: /)
    expect((await run(echo, { wrong: 1 }, failing('DATABASE_DAMAGED'))).text).toMatch(/^DATABASE_DAMAGED: /)
    expect((await run(echo, { wrong: 1 }, failing('DATABASE_BUSY'))).text).toMatch(/^INVALID_ARGUMENTS: /)
  })

  const many = Array.from({ length: 400 }, (_, at) => at)
  it.each<[string, unknown]>([
    ['one name as long as a book', { ['x'.repeat(10_000)]: 1 }],
    ['hundreds of names', Object.fromEntries(many.map((at) => [`a${at}`, 1]))],
    ['hundreds of wrong values', { list: many.map(() => 'x') }],
    ['more than any tool can be told', { list: many.map(() => 'x'.repeat(1000)) }],
  ])('that are too many are not all told of: %s', async (_what, args) => {
    const { text, result } = await run(lists, args)
    expect(result.isError).toBe(true)
    expect(text).toMatch(/^INVALID_ARGUMENTS: get_example: /)
    expect(text.length).toBeLessThan(300)
  })

  it('are counted where not all of them are told of', async () => {
    const { text } = await run(lists, { list: many.map(() => 'x') })
    expect(text).toContain(' and 397 more')
  })
})

describe('the result', () => {
  it('is the same as text and as structure', async () => {
    const { result, text } = await run(echo, { days: 7 })
    expect(JSON.parse(text)).toEqual(result.structuredContent)
    expect(result.isError).toBeUndefined()
  })

  it('loses whatever the schema does not name, however deep', async () => {
    const leaky = { days: 1, token: 'hidden', rows: [{ name: 'one', token: 'hidden' }] }
    const { result, text } = await run(
      tool(async () => leaky),
      {},
    )
    expect(result.structuredContent).toEqual({ days: 1, rows: [{ name: 'one' }] })
    expect(text).not.toContain('hidden')
  })

  it('that does not fit its own schema never leaves', async () => {
    const wrong = tool(async () => JSON.parse('{"days":"hidden"}'))
    const { text } = await run(wrong, {})
    expect(text).toMatch(/^INTERNAL: get_example broke here/)
    expect(text).not.toContain('hidden')
  })
})

describe('a failure', () => {
  it('that has a code is told as it is, in text alone', async () => {
    const failing = tool(() =>
      Promise.reject(
        new CofferError('BANK_DOWN', 'The bank does not answer.', {
          fix: 'Try again later.',
          requestId: 'abc',
        }),
      ),
    )
    const { result, lines } = await run(failing, {})
    expect(result).toEqual({
      isError: true,
      content: [{ type: 'text', text: 'BANK_DOWN: The bank does not answer. Try again later.' }],
    })
    expect(lines).toEqual([
      {
        level: 'info',
        event: 'tool.failed',
        fields: { tool: 'get_example', code: 'BANK_DOWN', request_id: 'abc' },
      },
    ])
  })

  it('of opening is told by every tool', async () => {
    const locked = new CofferError('NOT_CONFIGURED', 'No keys.', { fix: 'Set them.' })
    expect((await run(echo, {}, () => Promise.reject(locked))).text).toBe(
      'NOT_CONFIGURED: No keys. Set them.',
    )
  })

  it.each<[string, unknown]>([
    ['an error', new TypeError('secret hidden at /home/ana')],
    ['an error of several lines', new Error('one\nhidden two\n    at hidden three\n\nhidden four')],
    ['an error with more on it', Object.assign(new Error('hidden'), { config: { headers: 'hidden' } })],
    ['no error at all', 'hidden'],
    ['nothing', undefined],
  ])('that nobody foresaw says only that it broke here, and where to look: %s', async (_what, thrown) => {
    const { text, lines } = await run(
      tool(() => Promise.reject(thrown)),
      {},
    )
    const id = /\(([0-9a-f]{8})\)/.exec(text)?.[1]
    expect(text).toMatch(/^INTERNAL: get_example broke here, and not because of what was asked/)
    expect(lines).toMatchObject([
      { level: 'error', event: 'tool.broke', fields: { id, tool: 'get_example' } },
    ])
    expect(text + JSON.stringify(lines)).not.toContain('hidden')
  })

  it('has another id each time', async () => {
    const broken = tool(() => Promise.reject(new Error('broke')))
    expect((await run(broken, {})).text).not.toBe((await run(broken, {})).text)
  })
})

describe('a tool that has no answer in time', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  const stopped = (signal: AbortSignal, error: Error) =>
    new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(error)))
  const locked = new CofferError('VAULT_LOCKED', 'The keychain is slow.', { fix: 'Answer it.' })

  it.each<[string, RegExp, ReturnType<typeof tool>]>([
    [
      'says that it was Plaid that it waited for',
      /^PLAID_UNREACHABLE: Plaid is slow: get_example .* Ask again in a minute\.$/,
      tool((_, { signal }) => stopped(signal, new CofferError('CANCELLED', 'Stopped.'))),
    ],
    [
      'says what else it was',
      /^VAULT_LOCKED: The keychain is slow\. Answer it\.$/,
      tool((_, { signal }) => stopped(signal, locked)),
    ],
    [
      'does not wait for what cannot be stopped',
      /^PLAID_UNREACHABLE: .* Ask again in a minute\.$/,
      tool(() => new Promise<never>(() => undefined)),
    ],
  ])('%s', async (_what, words, slow) => {
    const answer = run(slow, {})
    await vi.advanceTimersByTimeAsync(17_000)
    expect(await Promise.race([answer, Promise.resolve('still waiting')])).toBe('still waiting')
    await vi.advanceTimersByTimeAsync(2_000)
    expect((await answer).text).toMatch(words)
  })

  it('and one that has leaves no timer behind', async () => {
    await run(echo, {})
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('a client that leaves', () => {
  const waiting = tool(
    (_, { signal }) =>
      new Promise<never>((_resolve, reject) => {
        const stop = () => reject(new CofferError('CANCELLED', `Stopped: ${signal.reason}.`))
        if (signal.aborted) stop()
        signal.addEventListener('abort', stop)
      }),
  )
  const call = (signal: AbortSignal) => ({
    core: noCore,
    log: recordingLog().log,
    signal,
    progress: () => undefined,
  })

  it.each(['before', 'while'])('%s it is asked stops the work', async (when) => {
    const client = new AbortController()
    if (when === 'before') client.abort('gone')
    const answer = runTool(waiting, {}, call(client.signal))
    client.abort('gone')
    expect((await answer).content[0]?.text).toBe('CANCELLED: Stopped: gone.')
  })

  it('is not waited for once the answer is out', async () => {
    const { signal } = new AbortController()
    await runTool(echo, {}, call(signal))
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })
})

describe('calls that are counted', () => {
  const full = async () => {
    throw new CofferError('RATE_LIMITED', 'There were too many.')
  }
  const fullCore = async () => ({ ...(await noCore()), admit: full })
  const writer = (changes?: (args: { days: number }) => boolean) =>
    defineTool({
      ...tool(async ({ days }) => ({ days })),
      effect: 'write',
      ...(changes !== undefined && { changes }),
    })

  it('are those that may write, before anything is done', async () => {
    expect((await run(writer(), {}, fullCore)).text).toMatch(/^RATE_LIMITED/)
    expect((await run(echo, {}, fullCore)).result.isError).toBeUndefined()
  })

  it.each(['command', 'page'] as const)('are none that a person makes by a %s', async (actor) => {
    expect((await run(writer(), {}, fullCore, actor)).result.isError).toBeUndefined()
  })

  it('are not those whose arguments change nothing', async () => {
    const some = writer(({ days }) => days > 1)
    expect((await run(some, { days: 1 }, fullCore)).result.isError).toBeUndefined()
    expect((await run(some, { days: 2 }, fullCore)).text).toMatch(/^RATE_LIMITED/)
  })

  it('count once, however often they ask', async () => {
    let counted = 0
    const admit = async () => void (counted += 1)
    const asking = tool(async ({ days }, context) => {
      await context.admit()
      await context.admit()
      return { days }
    })
    await run(asking, {}, async () => ({ ...(await noCore()), admit }))
    expect(counted).toBe(1)
  })
})
