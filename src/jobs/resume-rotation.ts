import { codeOf } from '../errors.ts'
import type { Log } from '../log.ts'

export interface RotationDeps {
  /** Goes on with a rotation of the key that was cut off; how much it has sealed anew. */
  readonly resume: (signal: AbortSignal) => Promise<number>
  readonly log: Log
}

/** What cannot be gone on with now stays as it is: both keys open, and the next start tries again. */
export async function resumeRotation({ resume, log }: RotationDeps, signal: AbortSignal): Promise<void> {
  try {
    const rewrapped = await resume(signal)
    if (rewrapped > 0) log.info('keys.rewrapped', { rewrapped })
  } catch (error) {
    if (signal.aborted) return
    log.warn('keys.not_rewrapped', { code: codeOf(error) })
  }
}
