import { randomUUID } from 'node:crypto'
import type { z } from 'zod'
import { CofferError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Core, ToolContext } from './context.ts'
import type { AnyTool } from './define.ts'

export interface ToolResult {
  [key: string]: unknown
  readonly content: { type: 'text'; text: string }[]
  readonly structuredContent?: Record<string, unknown>
  readonly isError?: boolean
}

export interface Call extends Pick<ToolContext, 'signal' | 'progress'> {
  /** Opens the store and all that; throws what keeps it from opening. */
  readonly core: () => Promise<Core>
  readonly log: Log
}

/** The one door out for clients: failures become text that says what to do. */
export async function runTool(tool: AnyTool, args: unknown, call: Call): Promise<ToolResult> {
  try {
    const structuredContent = await inTime(invoke(tool, args, call), tool.name)
    return { content: [{ type: 'text', text: JSON.stringify(structuredContent) }], structuredContent }
  } catch (error) {
    return failure(error, tool.name, call.log)
  }
}

/** Tools that fetch much answer before this with what there is; it is for several slow calls in a row. */
const deadlineMs = 19_000

async function inTime<T>(work: Promise<T>, tool: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooLate(tool)), deadlineMs)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

function tooLate(tool: string): CofferError {
  return new CofferError(
    'PLAID_UNREACHABLE',
    `Plaid is slow; ${tool} has no answer yet and goes on behind.`,
    {
      fix: 'Ask again in a minute.',
      retryable: true,
    },
  )
}

/** Checks the arguments, runs the tool, and cuts the result to what its schema names. Throws what goes wrong. */
export async function invoke<T extends AnyTool>(
  tool: T,
  args: unknown,
  call: Call,
): Promise<z.output<T['output']>> {
  const input = parseArguments(tool, args)
  const context = { ...(await call.core()), signal: call.signal, progress: call.progress }
  // The registry forgets each tool's own input type; its own schema has just checked it.
  const result = await tool.handle(input as never, context)
  return tool.output.parse(result) as z.output<T['output']>
}

function parseArguments(tool: AnyTool, args: unknown): Record<string, unknown> {
  const result = tool.input.safeParse(args ?? {})
  if (result.success) return result.data
  const problems = result.error.issues.map(describeIssue)
  const names = Object.keys(tool.input.shape)
  throw new CofferError('INVALID_ARGUMENTS', `${tool.name}: ${problems.join('; ')}.`, {
    fix: names.length === 0 ? 'It takes no arguments.' : `It takes: ${names.join(', ')}.`,
  })
}

function describeIssue(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') {
    return `unknown argument ${issue.keys.map((key) => JSON.stringify(key.slice(0, 40))).join(', ')}`
  }
  const where = issue.path.join('.')
  return where === '' ? issue.message : `${where}: ${issue.message}`
}

/** Errors are text only: some clients show a model nothing else of a failed call. */
export function failure(error: unknown, tool: string, log: Log): ToolResult {
  const known = error instanceof CofferError ? error : internal(error, tool, log)
  const text = [`${known.code}: ${known.message}`, known.fix].filter(Boolean).join(' ')
  if (known !== error) return { isError: true, content: [{ type: 'text', text }] }
  log.info('tool.failed', { tool, code: known.code, request_id: known.requestId ?? null })
  return { isError: true, content: [{ type: 'text', text }] }
}

/** The log gets where it broke, never the message: it may hold what a bank or a person wrote. */
function internal(error: unknown, tool: string, log: Log): CofferError {
  const id = randomUUID().slice(0, 8)
  const stack =
    error instanceof Error ? (error.stack ?? '').split('\n').slice(1, 6).join(' | ') : typeof error
  log.error('tool.broke', { id, tool, name: error instanceof Error ? error.name : 'unknown', stack })
  return new CofferError('INTERNAL', `${tool} broke here, and not because of what was asked (${id}).`, {
    fix: 'Try again; with COFFER_LOG_LEVEL=error the log says more under this id.',
  })
}
