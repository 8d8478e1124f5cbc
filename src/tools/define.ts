import type { z } from 'zod'
import type { ToolContext } from './context.ts'

/**
 * What a call does to the world. `read`: nothing. `refresh`: only our own cache and free calls to Plaid.
 * `write`: changes something. `destroy`: removes something for good. All hints come from this one word.
 */
export type Effect = 'read' | 'refresh' | 'write' | 'destroy'

/** Pages on which hosts that can do so show results to a person. */
export type View = 'connections' | 'snapshot'

export function viewUri(view: View): string {
  return `ui://coffer/${view}`
}

export interface Tool<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodObject = z.ZodObject> {
  readonly name: string
  readonly title: string
  /** At most 600 characters; what it gives, what it does not, which tool instead. */
  readonly description: string
  readonly effect: Effect
  /** A flat strict object. */
  readonly input: Input
  /** What is not named in it never leaves. */
  readonly output: Output
  /** False for arguments with which a tool that may write only looks. */
  changes?(args: z.output<Input>): boolean
  /** The page that shows its results, where there is one. */
  readonly view?: View
  readonly handle: (args: z.output<Input>, context: ToolContext) => Promise<z.input<Output>>
}

/** A tool whose schemas are no longer known by type, as the registry holds it. */
export interface AnyTool extends Omit<Tool, 'handle' | 'changes'> {
  readonly changes?: (args: never) => boolean
  readonly handle: (args: never, context: ToolContext) => Promise<unknown>
}

export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: Tool<Input, Output>,
): Tool<Input, Output> {
  return tool
}

/** Also what only shows what it would remove asks Plaid first. */
export function mayWrite(effect: Effect): boolean {
  return effect === 'write' || effect === 'destroy'
}

export function hintsOf(effect: Effect) {
  const readOnly = !mayWrite(effect)
  return {
    readOnlyHint: readOnly,
    destructiveHint: effect === 'destroy',
    idempotentHint: readOnly,
    openWorldHint: effect !== 'read',
  }
}
