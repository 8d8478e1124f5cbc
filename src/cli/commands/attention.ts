import { attentionLine } from '../../tools/attention-line.ts'
import type { Session } from '../command.ts'

/**
 * One line when a bank needs its owner, else nothing: for a host to show when a session starts. It asks nobody, and a
 * failure is silent: whoever starts a session did not ask for this, and every other command says what is wrong.
 */
export async function attention({ opened, print }: Session, { hook }: { hook?: unknown }): Promise<void> {
  try {
    const { home, environment } = opened.config()
    // A hook is told no settings of its plugin, so that production may be set where it cannot see it.
    const line = attentionLine(home, hook === true ? [environment, 'production'] : [environment])
    if (line !== null) print(hook === true ? forHost(line) : line)
  } catch {}
}

/** Claude Code gives what a hook prints to its model alone; the person is shown `systemMessage`. */
function forHost(line: string): string {
  return JSON.stringify({
    systemMessage: line,
    hookSpecificOutput: { hookEventName: 'SessionStart', additionalContext: line },
  })
}
