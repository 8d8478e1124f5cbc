import { createHash, randomBytes } from 'node:crypto'
import { Secret } from '../secret.ts'

/** Who may look at the pages: whoever came by a link that this process gave out, in that one browser. */
export interface Sessions {
  /** For one entry, within some minutes. */
  ticket(): Secret
  /** Uses the ticket up, and gives what the browser then shows each time; null when it is none. */
  enter(ticket: string): Secret | null
  /** The session that a browser shows; null when it is none, or over. */
  find(key: string): Session | null
}

export interface Session {
  /** What the next page is to say of the last button. */
  notice: string | null
}

const ticketMs = 10 * 60_000
const sessionMs = 12 * 60 * 60_000
const keyBytes = 32

/** All in memory: nothing on the disk lets anybody in, and the end of the process ends them all. */
export function createSessions(now: () => number): Sessions {
  const tickets = new Map<string, number>()
  const sessions = new Map<string, Session & { readonly until: number }>()
  return {
    ticket() {
      const key = newKey()
      forget(tickets, (until) => until <= now())
      tickets.set(idOf(key), now() + ticketMs)
      return new Secret(key)
    },
    enter(ticket) {
      const until = tickets.get(idOf(ticket)) ?? 0
      tickets.delete(idOf(ticket))
      if (until <= now()) return null
      const key = newKey()
      forget(sessions, (session) => session.until <= now())
      sessions.set(idOf(key), { notice: null, until: now() + sessionMs })
      return new Secret(key)
    },
    find(key) {
      const session = sessions.get(idOf(key))
      return session === undefined || session.until <= now() ? null : session
    },
  }
}

function newKey(): string {
  return randomBytes(keyBytes).toString('base64url')
}

/** Looked up by this, so that the time that takes tells nothing of a key. */
function idOf(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}

function forget<T>(all: Map<string, T>, isOver: (value: T) => boolean): void {
  for (const [id, value] of all) if (isOver(value)) all.delete(id)
}
