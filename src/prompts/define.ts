import { z } from 'zod'
import type { ToolContext } from '../tools/context.ts'
import type { Completer } from '../tools/item-ids.ts'
import type { Runnable } from '../tools/run.ts'

/** What a prompt comes to: one message, in the person's words. */
export const message = z.object({ text: z.string() })

/** Something that a person asks for by name. It goes through the same door as a tool's result. */
export interface Prompt<Input extends z.ZodObject = z.ZodObject> {
  readonly name: string
  readonly title: string
  readonly description: string
  /** Texts only; a prompt can be told nothing else. */
  readonly input: Input
  readonly output: typeof message
  /** By argument. */
  readonly completions: Readonly<Record<string, Completer>>
  readonly handle: (args: z.output<Input>, context: ToolContext) => Promise<z.input<typeof message>>
  /** The text where nothing can be looked up; `why` says what keeps it. */
  readonly withoutState: (why: string, readOnly: boolean) => string
}

/** A prompt whose arguments are no longer known by type, as the registry holds it. */
export interface AnyPrompt extends Omit<Prompt, 'handle'>, Pick<Runnable, 'handle'> {}

export function definePrompt<Input extends z.ZodObject>(
  prompt: Omit<Prompt<Input>, 'output'>,
): Prompt<Input> {
  return { ...prompt, output: message }
}
