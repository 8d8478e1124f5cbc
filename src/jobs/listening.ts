import { codeOf } from '../errors.ts'
import type { Log } from '../log.ts'
import type { LeaderNote } from '../model.ts'
import type { Store } from '../store/store.ts'
import { pause } from './rounds.ts'

/** A listener for webhooks that is up. */
export interface Listener {
  readonly port: number
  close(): Promise<void>
}

export interface ListeningDeps {
  readonly store: Pick<Store, 'leader'>
  /** Starts to listen; null: this copy is not to. */
  readonly listen: (() => Promise<Listener>) | null
  readonly pid: number
  readonly now: () => number
  readonly log: Log
  /** Told each time that what the leader says of itself changes. */
  readonly onNote: (note: LeaderNote) => void
  readonly retryMs?: number
}

const usualRetryMs = 3_000

/**
 * Listens until the signal aborts, and keeps the leader's note about it. A port that a stranger has is said once, tried
 * again every few seconds, and taken when it is free.
 */
export async function keepListening(deps: ListeningDeps, signal: AbortSignal): Promise<void> {
  const { store, pid, now, log, retryMs = usualRetryMs } = deps
  const since = new Date(now()).toISOString()
  const state: State = { listener: null, problem: null }
  let noted: LeaderNote | null = null

  async function note(): Promise<void> {
    const next = { pid, since, port: state.listener?.port ?? null, problem: state.problem }
    if (noted !== null && noted.port === next.port && noted.problem === next.problem) return
    deps.onNote(next)
    await store.leader.write(next)
    noted = next
  }

  const failed = (error: unknown) => log.warn('leader.note_failed', { code: codeOf(error) })
  while (!signal.aborted) {
    await tryToListen(deps, state)
    await note().catch(failed)
    await pause(retryMs, signal)
  }
  // The next leader wants the port at once.
  await state.listener?.close().catch(failed)
  await store.leader.write(null).catch(failed)
}

/**
 * The note of a leader whose process is there; null when it ended without a word. For whoever cannot try the lock, since
 * opening its file in the process that leads would free it.
 */
export function livingLeader(note: LeaderNote | null): LeaderNote | null {
  return note !== null && isRunning(note.pid) ? note : null
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // It is there, but another user's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

interface State {
  listener: Listener | null
  /** Our code of why it does not listen. */
  problem: string | null
}

async function tryToListen({ listen, log }: ListeningDeps, state: State): Promise<void> {
  if (listen === null || state.listener !== null) return
  try {
    state.listener = await listen()
    state.problem = null
    log.info('webhook.listening', { port: state.listener.port })
  } catch (error) {
    const code = codeOf(error)
    if (code !== state.problem) log.warn('webhook.not_listening', { code })
    state.problem = code
  }
}
