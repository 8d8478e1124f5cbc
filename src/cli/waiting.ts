import { spinner } from '@clack/prompts'
import type { Session } from './command.ts'

/** Something that a command waits for, and that a person may stop waiting for by Ctrl-C. */
export interface Waiting {
  /** Aborts on the first Ctrl-C; the second one ends the process. */
  readonly signal: AbortSignal
  /** One more line for the person, while the waiting goes on. */
  say(text: string): void
  end(): void
}

/** With a spinner at a terminal, and silently elsewhere. */
export function startWaiting({ interactive, tell }: Session, message: string): Waiting {
  const stop = new AbortController()
  const onInterrupt = () => stop.abort()
  process.once('SIGINT', onInterrupt)
  const wheel = interactive ? turning(message) : null
  return {
    signal: stop.signal,
    say(text) {
      wheel?.clear()
      tell(text)
      wheel?.start(message)
    },
    end() {
      process.off('SIGINT', onInterrupt)
      wheel?.clear()
    },
  }
}

function turning(message: string) {
  const wheel = spinner({ cancelMessage: 'Stopped waiting.', withGuide: false })
  const start = (text: string) => {
    wheel.start(text)
    // In raw mode the library ends the process on Ctrl-C by itself, before anything is closed.
    process.stdin.setRawMode(false)
  }
  start(message)
  return { start, clear: () => wheel.clear() }
}
