import type { z } from 'zod'
import type { Log } from '../log.ts'
import type { Core } from '../tools/context.ts'
import type { AnyTool } from '../tools/define.ts'
import { invokeInTime } from '../tools/run.ts'

/** Calls a tool as a client would, through the same door; a failure is thrown. */
export type CallTool = <T extends AnyTool>(tool: T, args: object) => Promise<z.output<T['output']>>

export function toolCaller(core: Core, log: Log, signal: AbortSignal): CallTool {
  const opening = { core: async () => core, log, signal, progress: () => undefined, actor: 'page' as const }
  return async (tool, args) => await invokeInTime(tool, args, opening)
}

/** A link is shown on the page, and not opened by itself besides. */
export function coreOfPages(core: Core): Core {
  return { ...core, openUrl: async () => false, openPage: async () => false }
}

const nothing = async () => undefined

/** For a page that is made anew by itself: no person has asked, so that nothing is noted of a look. */
export function unnoticed(core: Core): Core {
  return {
    ...core,
    sync: { ...core.sync, markUsed: nothing, markSeen: nothing },
    audit: { note: () => undefined },
  }
}
