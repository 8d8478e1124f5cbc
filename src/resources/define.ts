import type { z } from 'zod'
import type { ToolContext } from '../tools/context.ts'
import type { Completer } from '../tools/item-ids.ts'
import type { Runnable } from '../tools/run.ts'

/** Something to read by its address. It goes through the same door as a tool's result. */
export interface Resource<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodObject = z.ZodObject> {
  /** For one: its address. For many: a template with one `{argument}` as its last part. */
  readonly uri: string
  readonly name: string
  readonly title: string
  readonly description: string
  /** From 0 to 1: how much it matters beside the others. */
  readonly priority: number
  readonly input: Input
  /** What is not named in it never leaves. */
  readonly output: Output
  /** By argument. */
  readonly completions: Readonly<Record<string, Completer>>
  readonly handle: (args: z.output<Input>, context: ToolContext) => Promise<z.input<Output>>
}

/** A resource whose schemas are no longer known by type, as the registry holds it. */
export interface AnyResource extends Omit<Resource, 'handle'>, Pick<Runnable, 'handle'> {}

export function defineResource<Input extends z.ZodObject, Output extends z.ZodObject>(
  resource: Resource<Input, Output>,
): Resource<Input, Output> {
  return resource
}
