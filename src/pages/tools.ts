import type { z } from 'zod'
import type { Log } from '../log.ts'
import type { Core } from '../tools/context.ts'
import type { AnyTool } from '../tools/define.ts'
import { invokeInTime } from '../tools/run.ts'

/** Calls a tool as a client would, through the same door; a failure is thrown. */
export type CallTool = <T extends AnyTool>(
  tool: T,
  args: object,
  signal: AbortSignal,
) => Promise<z.output<T['output']>>

/** A link is shown on the page, and not opened by itself besides. */
export function toolCaller(core: () => Core, log: Log): CallTool {
  const opened = async (): Promise<Core> => ({ ...core(), openUrl: async () => false })
  return async (tool, args, signal) =>
    await invokeInTime(tool, args, { core: opened, log, signal, progress: () => undefined, actor: 'page' })
}
