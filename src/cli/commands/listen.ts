import { type Config, mayAskPlaid } from '../../config.ts'
import { notConfigured } from '../../errors.ts'
import type { LeaderNote } from '../../model.ts'
import { webhookPath } from '../../webhook-path.ts'
import { type BackgroundEvents, startBackground } from '../background.ts'
import { describe, type Session } from '../command.ts'
import type { Opened } from '../open.ts'
import { untilStopped } from '../until-stopped.ts'

/**
 * The background work without MCP, for a service manager: leads, or waits until it may, and says which. Ends by SIGTERM
 * or SIGINT.
 */
export async function listen(session: Session): Promise<void> {
  const { opened } = session
  const config = opened.config()
  if (!mayAskPlaid(config)) throw notConfigured()
  const stopped = untilStopped()
  const events = tellOf(session, config)
  const leadership = startBackground(config, opened, await opened.log(), {
    ...events,
    onNote(note) {
      events.onNote(note)
      void openPages(opened)
    },
  })
  await stopped
  await leadership.close()
}

/** The pages of a copy that stays outlive those of a command that made a link and ended. */
async function openPages({ app }: Opened): Promise<void> {
  // That they cannot be had is in the log; nothing rests on them.
  await app().then(
    ({ pages }) => pages.open(),
    () => null,
  )
}

/** One line each time that something else is the case. */
function tellOf({ tell }: Session, config: Config): Required<BackgroundEvents> {
  let hasWaited = false
  let lastError = ''
  return {
    onWaiting() {
      hasWaited = true
      tell('waiting: another copy of coffer-mcp leads')
    },
    onNote(note) {
      const took = hasWaited ? 'took over: ' : ''
      hasWaited = false
      lastError = ''
      tell(`${took}${standing(note, config)}`)
    },
    onError(error) {
      const text = describe(error).replaceAll('\n', ' ')
      if (text !== lastError) tell(`not leading, tried again in a few seconds: ${text}`)
      lastError = text
    },
  }
}

function standing({ port, problem }: LeaderNote, { listener }: Config): string {
  if (port !== null) return `listening on http://127.0.0.1:${port}${webhookPath}`
  if (problem === 'PORT_TAKEN')
    return `leading, not listening: port ${listener?.port} is used by another program; tried again every few seconds`
  if (problem !== null) return `leading, not listening (${problem}); tried again every few seconds`
  return 'leading, not listening: COFFER_LISTEN is off'
}
