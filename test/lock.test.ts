import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { acquireLock, waitForLock } from '../src/lock.ts'
import { killHard, nextOutput, runChild, startChild } from './store/children/start.ts'

function freshPath(): string {
  const directory = mkdtempSync(join(tmpdir(), 'coffer-lock-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return join(directory, 'some.lock')
}

describe('a lock in one process', () => {
  it('has one holder, until it is released', async () => {
    const path = freshPath()
    const lock = await acquireLock(path)
    expect(await acquireLock(path)).toBeNull()
    lock?.release()
    lock?.release()
    const next = await acquireLock(path)
    expect(next).not.toBeNull()
    lock?.release()
    expect(await acquireLock(path)).toBeNull()
    next?.release()
  })

  it('is waited for', async () => {
    const path = freshPath()
    const lock = await acquireLock(path)
    const next = waitForLock(path, { timeoutMs: 10_000 })
    lock?.release()
    const own = await next
    expect(await acquireLock(path)).toBeNull()
    own.release()
  })

  it('is not waited for beyond the limit', async () => {
    const path = freshPath()
    const lock = await acquireLock(path)
    const late = waitForLock(path, { timeoutMs: 60 })
    await expect(late).rejects.toMatchObject({ code: 'DATABASE_BUSY', retryable: true })
    lock?.release()
  })

  it('is not waited for once nobody wants it', async () => {
    const path = freshPath()
    const lock = await acquireLock(path)
    const waiting = waitForLock(path, { timeoutMs: 10_000, signal: AbortSignal.timeout(30) })
    await expect(waiting).rejects.toThrow('aborted')
    lock?.release()
  })

  it('needs a directory to lie in', async () => {
    const path = join(freshPath(), 'below', 'some.lock')
    await expect(acquireLock(path)).rejects.toMatchObject({ code: 'BAD_SETTING' })
  })

  it('is a file for this user alone', async () => {
    const path = freshPath()
    const lock = await acquireLock(path)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    lock?.release()
  })

  it.each([
    ['a directory', (path: string) => mkdirSync(path)],
    ['something else', (path: string) => writeFileSync(path, 'no lock of ours '.repeat(100))],
  ])('says when %s is in its place', async (_case, put) => {
    const path = freshPath()
    put(path)
    await expect(acquireLock(path)).rejects.toMatchObject({ code: 'DATABASE_DAMAGED' })
  })
})

describe('a lock among processes', () => {
  it('is freed by the kernel when its holder is killed, and not before', async () => {
    const path = freshPath()
    const holder = startChild('hold-lock', path)
    expect(await nextOutput(holder)).toBe('taken')
    expect(await acquireLock(path)).toBeNull()
    await killHard(holder)
    const lock = await acquireLock(path)
    expect(lock).not.toBeNull()
    lock?.release()
  })

  it('is not lost when its own process tries once more', async () => {
    const path = freshPath()
    const lock = await acquireLock(path)
    expect(await acquireLock(path)).toBeNull()
    expect(await nextOutput(startChild('hold-lock', path))).toBe('refused')
    lock?.release()
  })

  it('never has two holders, and prints nothing', async () => {
    const path = freshPath()
    const ended = await Promise.all(Array.from({ length: 4 }, () => runChild('take-turns', path, '15')))
    expect(ended).toEqual(ended.map(() => ({ code: 0, stdout: '', stderr: '' })))
  })
})
