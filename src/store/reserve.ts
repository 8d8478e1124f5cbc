import { randomBytes } from 'node:crypto'
import { renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { isCofferError } from '../errors.ts'
import type { Access } from './access.ts'
import { diskFull } from './drivers/errors.ts'

/** 4 MiB: for deleting, and for saying what failed. */
const reserveBytes = 4 * 1024 * 1024
/** How soon it is looked again whether there is room. */
const lookEveryMs = 2_000

/**
 * A file whose room is given up when the disk is full. Every process sees by its size how that stands: empty, it was
 * given up; a disk on which nobody has made one yet is written like any other.
 */
export interface Reserve {
  /** Makes it where it is missing and there is room. */
  keep(): boolean
  /** True when there is more room now. */
  giveUp(): boolean
  /** It was given up, and there is no room for it yet. */
  isOut(): boolean
}

export function createReserve(path: string, now: () => number): Reserve {
  let lookedAt = Number.NEGATIVE_INFINITY
  const size = () => statSync(path, { throwIfNoEntry: false })?.size ?? null

  function keep(): boolean {
    if (size() === reserveBytes) return true
    // Beside it: another process that sees a part of it would take it for given up.
    const draft = `${path}.${randomBytes(6).toString('hex')}.tmp`
    try {
      writeFileSync(draft, Buffer.alloc(reserveBytes), { mode: 0o600, flush: true })
      renameSync(draft, path)
      return true
    } catch {
      // Half of it is in the way of what it was made for.
      rmSync(draft, { force: true })
      return false
    }
  }

  function giveUp(): boolean {
    const had = size() ?? 0
    if (had === 0) return false
    try {
      truncateSync(path, 0)
      return true
    } catch {
      // What failed for want of room is told then, and not this.
      return false
    }
  }

  return {
    keep,
    giveUp,
    isOut() {
      const has = size()
      if (has === null || has === reserveBytes) return false
      if (Math.abs(now() - lookedAt) < lookEveryMs) return true
      lookedAt = now()
      return !keep()
    },
  }
}

/** What is written anyway may use the room of the reserve; the rest waits until the disk has some of its own. */
export function sparing(access: Access, reserve: Reserve): { readonly rest: Access; readonly vital: Access } {
  const freeing = (error: unknown): boolean => isCofferError(error, 'DISK_FULL') && reserve.giveUp()
  const vital =
    (run: Write): Write =>
    (work) =>
      run(work).catch((error: unknown) => {
        if (freeing(error)) return run(work)
        throw error
      })
  const rest =
    (run: Write): Write =>
    async (work) => {
      if (reserve.isOut()) throw diskFull()
      return await run(work).catch((error: unknown) => {
        freeing(error)
        throw error
      })
    }
  return { rest: writingBy(rest, access), vital: writingBy(vital, access) }
}

type Write = Access['write']

function writingBy(by: (run: Write) => Write, access: Access): Access {
  const { write, soon, quietly, note } = access
  return { ...access, write: by(write), soon: by(soon), quietly: by(quietly), note: by(note) }
}
