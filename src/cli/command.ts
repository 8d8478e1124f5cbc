import type { z } from 'zod'
import type { Surroundings } from '../config.ts'
import { CofferError, type ErrorCode } from '../errors.ts'
import type { ToolContext } from '../tools/context.ts'
import type { AnyTool } from '../tools/define.ts'
import { tools } from '../tools/index.ts'
import { invoke } from '../tools/run.ts'
import { type Opened, openLater } from './open.ts'
import { progressLine } from './progress-line.ts'

/** What a command has: the program behind it, and a way to say things. */
export interface Session {
  readonly opened: Opened
  readonly json: boolean
  /** True when a person sits at a terminal and may be asked. */
  readonly interactive: boolean
  readonly print: (text: string) => void
  /** For the person while a command waits: with --json on stderr, since stdout is JSON alone. */
  readonly tell: (text: string) => void
  readonly progress: (message: string) => void
  /** What tools were asked and gave so far, for the audit log. */
  readonly about: unknown[]
}

export const exitCodes = {
  ok: 0,
  failure: 1,
  usage: 2,
  unreachable: 69,
  refused: 77,
  notConfigured: 78,
} as const

const codes: Partial<Record<ErrorCode, number>> = {
  NOT_CONFIGURED: exitCodes.notConfigured,
  BAD_SETTING: exitCodes.notConfigured,
  VAULT_LOCKED: exitCodes.notConfigured,
  PLAID_UNREACHABLE: exitCodes.unreachable,
  PLAID_DOWN: exitCodes.unreachable,
  NOT_CONFIRMED: exitCodes.refused,
  PLAID_KEYS_REJECTED: exitCodes.refused,
  PLAID_REJECTED: exitCodes.refused,
  PLAID_MISCONFIGURED: exitCodes.refused,
  PLAID_CREDITS_EXHAUSTED: exitCodes.refused,
  INVALID_ARGUMENTS: exitCodes.usage,
  UNKNOWN_TOOL: exitCodes.usage,
}

export function exitCodeOf(error: unknown): number {
  return error instanceof CofferError ? (codes[error.code] ?? exitCodes.failure) : exitCodes.failure
}

/** Runs one command: opens what it needs, tells a failure in one or two lines, closes everything. */
export async function runSession(
  surroundings: Surroundings,
  options: { json: boolean },
  work: (session: Session) => Promise<number | void>,
): Promise<void> {
  const opened = openLater(surroundings)
  const interactive = process.stdin.isTTY && process.stdout.isTTY && !options.json
  const shown = surroundings.demo ? withDemo : (text: string) => text
  const line = progressLine(process.stderr)
  const out = (text: string) => line.instead(() => console.log(shown(text)))
  const err = (text: string) => line.instead(() => console.error(shown(text)))
  const session: Session = {
    opened,
    interactive,
    json: options.json,
    print: out,
    tell: options.json ? err : out,
    about: [],
    progress: line.show,
  }
  try {
    process.exitCode = (await work(session)) ?? exitCodes.ok
  } catch (error) {
    err(describe(error))
    process.exitCode = exitCodeOf(error)
  } finally {
    line.clear()
    await opened.close()
  }
}

/** A command that somebody is told to run means the banks that they look at. */
function withDemo(text: string): string {
  return text.replaceAll(
    /\bcoffer-mcp (connect|reauth|list|sync|positions|open|export|call|doctor|erase|backup|restore|(?:tokens|keys) \w+)\b/g,
    'coffer-mcp $1 --demo',
  )
}

export function describe(error: unknown): string {
  if (error instanceof CofferError)
    return [`${error.code}: ${error.message}`, error.fix].filter(Boolean).join('\n')
  return `INTERNAL: Something broke here (${error instanceof Error ? error.name : typeof error}).\nWith COFFER_LOG_LEVEL=error the log says more.`
}

/** How a command asks its person; left out: not at all. */
interface Asking {
  readonly elicitYes?: ToolContext['elicitYes']
}

/** A tool, called as a client would, without a client; a failure is thrown. */
export async function callTool<T extends AnyTool>(
  tool: T,
  args: object,
  { opened, progress, about, elicitYes = null }: Pick<Session, 'opened' | 'progress' | 'about'> & Asking,
  signal: AbortSignal = new AbortController().signal,
): Promise<z.output<T['output']>> {
  const log = await opened.log()
  about.push(args)
  const person = { actor: 'command' as const, elicitUrl: null, elicitYes }
  const call = { core: opened.app, log, signal, progress, ...person }
  const result = await invoke(tool, args, call)
  about.push(result)
  return result
}

/** A tool that only looks. Its next steps name commands, since a person at a terminal has no tools. */
export async function look<T extends AnyTool>(
  tool: T,
  args: object,
  session: Session,
): Promise<z.output<T['output']>> {
  const app = async () => ({ ...(await session.opened.app()), readOnly: true })
  return await callTool(tool, args, { ...session, opened: { ...session.opened, app } })
}

export function toolNamed(name: string): AnyTool {
  const tool = tools.find((candidate) => candidate.name === name)
  if (tool !== undefined) return tool
  throw new CofferError('UNKNOWN_TOOL', `There is no tool ${JSON.stringify(name)}.`, {
    fix: `The tools are: ${tools.map((known) => known.name).join(', ')}.`,
  })
}
