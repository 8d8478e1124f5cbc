import type { z } from 'zod'
import type { Actor } from '../audit-entry.ts'
import { tellingEnd } from '../audit/ending.ts'
import { CofferError, isCofferError } from '../errors.ts'
import type { Log } from '../log.ts'
import { randomId } from '../random-id.ts'
import type { Core, ToolContext } from './context.ts'
import { type AnyTool, mayWrite } from './define.ts'

export interface ToolResult {
  [key: string]: unknown
  readonly content: { type: 'text'; text: string }[]
  readonly structuredContent?: Record<string, unknown>
  readonly isError?: boolean
}

export interface Call extends Pick<ToolContext, 'signal' | 'progress'> {
  readonly elicitUrl?: ToolContext['elicitUrl']
  readonly elicitYes?: ToolContext['elicitYes']
  /** Opens the store and all that; throws what keeps it from opening. */
  readonly core: () => Promise<Core>
  readonly log: Log
  /** As what it is audited, and whether it is counted; default: a tool. */
  readonly actor?: Actor
}

/** What goes through the door: tools, and what is read or prompted in the same way. */
export type Runnable = Pick<AnyTool, 'name' | 'input' | 'output' | 'handle' | 'changes'> &
  Partial<Pick<AnyTool, 'effect'>>

/** The one door out for clients: failures become text that says what to do. */
export async function runTool(tool: Runnable, args: unknown, call: Call): Promise<ToolResult> {
  try {
    const structuredContent = await invokeInTime(tool, args, call)
    return { content: [{ type: 'text', text: JSON.stringify(structuredContent) }], structuredContent }
  } catch (error) {
    return failure(error, tool.name, call.log)
  }
}

/** As `invoke`, stopped when it takes too long, and audited. */
export async function invokeInTime<T extends Runnable>(
  tool: T,
  args: unknown,
  call: Call,
): Promise<z.output<T['output']>> {
  return await audited(tool, args, call, (opening) =>
    inTime(tool.name, opening.signal, (signal, hold) => {
      const { elicitYes: ask = null } = opening
      const elicitYes: ToolContext['elicitYes'] =
        ask === null ? null : (question) => hold(() => ask(question))
      return invoke(tool, args, { ...opening, signal, elicitYes })
    }),
  )
}

/** Puts down how it ended. Where the store did not open nothing was read, and there is no place to put it. */
async function audited<T>(
  { name, effect }: Runnable,
  args: unknown,
  call: Call,
  work: (opening: Call) => Promise<T>,
): Promise<T> {
  const met: { core?: Core } = {}
  const opening = { ...call, core: async () => (met.core = await call.core()) }
  return await tellingEnd(
    () => work(opening),
    (outcome, result) => {
      const noted = { actor: call.actor ?? 'tool', name, outcome, about: [args, result] } as const
      met.core?.audit.note(noted, effect !== undefined && mayWrite(effect))
    },
  )
}

/** Clients are promised an answer within 20 s. */
const patienceMs = 18_000
/** What has been stopped may still say what it waited for. */
const graceMs = 1_000

/** Runs something that is none of the tool's own time, such as a person who thinks about a question. */
type Hold = <T>(other: () => Promise<T>) => Promise<T>

/** Stops the work when the client does, or when it takes too long; the failure then says what was slow. */
async function inTime<T>(
  tool: string,
  client: AbortSignal,
  work: (signal: AbortSignal, hold: Hold) => Promise<T>,
): Promise<T> {
  const stopping = new AbortController()
  const over = Promise.withResolvers<never>()
  let timers: NodeJS.Timeout[] = []
  let [isLate, isDone] = [false, false]
  const clear = () => timers.forEach(clearTimeout)
  const start = () => {
    if (isDone) return
    timers = [
      setTimeout(() => {
        isLate = true
        stopping.abort()
      }, patienceMs),
      setTimeout(() => over.reject(tooSlow(tool)), patienceMs + graceMs),
    ]
  }
  const hold: Hold = (other) => {
    clear()
    return other().finally(start)
  }
  const leave = () => stopping.abort(client.reason)
  if (client.aborted) leave()
  client.addEventListener('abort', leave)
  start()
  try {
    return await Promise.race([work(stopping.signal, hold), over.promise])
  } catch (error) {
    throw isLate && isCofferError(error, 'CANCELLED') ? tooSlow(tool) : error
  } finally {
    isDone = true
    clear()
    client.removeEventListener('abort', leave)
  }
}

/** A key that is slow to be had says so by itself; what is left is Plaid, be it one call or several in a row. */
function tooSlow(tool: string): CofferError {
  const text = `Plaid is slow: ${tool} has no answer after ${patienceMs / 1000} seconds.`
  return new CofferError('PLAID_UNREACHABLE', text, { fix: 'Ask again in a minute.', retryable: true })
}

/** Checks the arguments, runs the tool, and cuts the result to what its schema names. Throws what goes wrong. */
export async function invoke<T extends Runnable>(
  tool: T,
  args: unknown,
  call: Call,
): Promise<z.output<T['output']>> {
  const { signal, progress, elicitUrl = null, elicitYes = null } = call
  const input = parseArguments(tool, args)
  if (input instanceof CofferError) throw await worse(call, input)
  // The registry forgets each tool's own input type; its own schema has just checked it.
  const checked = input as never
  const core = await call.core()
  const admit = isPerson(call) ? unlimited : once(core.admit)
  if (tool.effect !== undefined && mayWrite(tool.effect) && tool.changes?.(checked) !== false) await admit()
  const result = await tool.handle(checked, { ...core, admit, signal, progress, elicitUrl, elicitYes })
  // By its own schema, whose type the registry forgets too.
  return tool.output.parse(result) as z.output<T['output']>
}

/** Who is at the terminal or the page is not held back by what an assistant has used up. */
function isPerson({ actor }: Call): boolean {
  return actor === 'command' || actor === 'page'
}

const unlimited = async () => undefined

/** However often it asks Plaid, a call is one call. */
function once(admit: () => Promise<void>): () => Promise<void> {
  let admitted: Promise<void> | undefined
  return () => (admitted ??= admit())
}

/** Where nothing can work, as before anything is set, that is to be said whatever was asked, and however. */
async function worse({ core }: Call, wrong: CofferError): Promise<CofferError> {
  const why = await core().then(
    () => null,
    (error: unknown) => error,
  )
  return isCofferError(why) && !why.retryable ? why : wrong
}

/** Far more than any tool can be told; what is larger costs time to check and says nothing. In characters of JSON. */
const longestArguments = 16_384
const mostProblems = 3

function parseArguments(tool: Runnable, args: unknown): Record<string, unknown> | CofferError {
  if (JSON.stringify(args ?? {}).length > longestArguments) {
    return refused(tool, `the arguments are longer than ${longestArguments} characters`)
  }
  const result = tool.input.safeParse(args ?? {})
  if (result.success) return result.data
  return refused(
    tool,
    firstOf(
      result.error.issues.map((issue) => describeIssue(issue, args)),
      '; ',
    ),
  )
}

function refused(tool: Runnable, problems: string): CofferError {
  const names = Object.keys(tool.input.shape)
  return new CofferError('INVALID_ARGUMENTS', `${tool.name}: ${problems}.`, {
    fix: names.length === 0 ? 'It takes no arguments.' : `It takes: ${names.join(', ')}.`,
  })
}

function describeIssue(issue: z.core.$ZodIssue, args: unknown): string {
  if (issue.code === 'unrecognized_keys') {
    return `unknown argument ${firstOf(
      issue.keys.map((key) => JSON.stringify(key.slice(0, 40))),
      ', ',
    )}`
  }
  const where = issue.path.join('.')
  if (isMissing(issue, args)) return `${where} is missing`
  return where === '' ? issue.message : `${where}: ${issue.message}`
}

/** Every argument is flat, so the first name on the way to it is its own. */
function isMissing({ code, path }: z.core.$ZodIssue, args: unknown): boolean {
  const given = new Map(Object.entries(args ?? {}))
  return code === 'invalid_type' && given.get(String(path[0])) === undefined
}

/** Whoever made a thousand mistakes is helped by the first few of them. */
function firstOf(texts: readonly string[], separator: string): string {
  const more = texts.length - mostProblems
  return texts.slice(0, mostProblems).join(separator) + (more > 0 ? ` and ${more} more` : '')
}

/** Errors are text only: some clients show a model nothing else of a failed call. */
export function failure(error: unknown, tool: string, log: Log): ToolResult {
  return { isError: true, content: [{ type: 'text', text: textOf(explain(error, tool, log)) }] }
}

/** What may be told of a failure, whatever it was; the log has it too. */
export function explain(error: unknown, tool: string, log: Log): CofferError {
  if (!(error instanceof CofferError)) return internal(error, tool, log)
  log.info('tool.failed', { tool, code: error.code, request_id: error.requestId ?? null })
  return error
}

export function textOf({ code, message, fix }: CofferError): string {
  return [`${code}: ${message}`, fix].filter(Boolean).join(' ')
}

/** The log gets where it broke, never the message: it may hold what a bank or a person wrote. */
function internal(error: unknown, tool: string, log: Log): CofferError {
  const id = randomId().slice(0, 8)
  const name = error instanceof Error ? error.name : 'unknown'
  log.error('tool.broke', { id, tool, name, stack: error instanceof Error ? framesOf(error) : typeof error })
  return new CofferError('INTERNAL', `${tool} broke here, and not because of what was asked (${id}).`, {
    fix: 'Try again; with COFFER_LOG_LEVEL=error the log says more under this id.',
  })
}

/** A stack begins with the message, of however many lines. */
function framesOf({ stack = '', message }: Error): string {
  const frames = stack
    .replace(message, '')
    .split('\n')
    .filter((line) => line.startsWith('    at '))
  return frames.slice(0, 5).join(' | ')
}
