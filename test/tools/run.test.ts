import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { CofferError } from '../../src/errors.ts'
import type { Log } from '../../src/log.ts'
import type { Core } from '../../src/tools/context.ts'
import { defineTool, type Tool } from '../../src/tools/define.ts'
import { runTool } from '../../src/tools/run.ts'

const input = z.strictObject({
  days: z.number().int().min(1).default(30),
  kind: z.enum(['bank', 'brokerage']).optional(),
})
const output = z.object({ days: z.number(), rows: z.array(z.object({ name: z.string() })).optional() })

function tool(handle: Tool<typeof input, typeof output>['handle']) {
  return defineTool({
    name: 'get_example',
    title: 'Example',
    description: 'An example',
    effect: 'read',
    input,
    output,
    handle,
  })
}

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

async function run(which: ReturnType<typeof tool>, args: unknown, core: () => Promise<Core> = noCore) {
  const { log, lines } = recordingLog()
  const signal = new AbortController().signal
  const result = await runTool(which, args, { core, log, signal, progress: () => undefined })
  return { result, lines, text: result.content[0]?.text ?? '' }
}

/** These tools look at nothing of it. */
const noCore = async () => ({}) as Core

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

  it('that are wrong keep everything else from being opened', async () => {
    let opened = false
    await run(echo, { wrong: 1 }, async () => {
      opened = true
      return await noCore()
    })
    expect(opened).toBe(false)
  })

  it('with a name as long as a book are not repeated in full', async () => {
    expect((await run(echo, { ['x'.repeat(10_000)]: 1 })).text.length).toBeLessThan(200)
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
  it('says so before the client gives up', async () => {
    vi.useFakeTimers()
    try {
      const answer = run(
        tool(async () => await new Promise<never>(() => undefined)),
        {},
      )
      await vi.advanceTimersByTimeAsync(19_000)
      const { result, text } = await answer
      expect(result.isError).toBe(true)
      expect(text).toMatch(/^PLAID_UNREACHABLE: .*get_example.* Ask again in a minute\.$/)
    } finally {
      vi.useRealTimers()
    }
  })
})
