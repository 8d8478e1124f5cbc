import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type Candidate, firstChoice, lastChoice } from '../../src/jobs/candidate.ts'
import { seekLeadership } from '../../src/jobs/leader.ts'
import { acquireLock } from '../../src/lock.ts'

function lockFiles() {
  const home = mkdtempSync(join(tmpdir(), 'coffer-test-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  return {
    leader: () => acquireLock(join(home, 'leader.lock')),
    waiting: () => acquireLock(join(home, 'listen.lock')),
  }
}

/** Copies that come and go; who leads now, and how many ever led at once. */
function election() {
  const leading = new Set<string>()
  const history: string[] = []
  let most = 0
  return {
    leading: () => [...leading].join(),
    history,
    most: () => most,
    stand(name: string, candidate: Candidate) {
      const leadership = seekLeadership({
        candidate,
        pollMs: 10,
        onError: (error) => expect.unreachable(String(error)),
        async lead(signal) {
          leading.add(name)
          history.push(name)
          most = Math.max(most, leading.size)
          if (!signal.aborted)
            await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
          leading.delete(name)
        },
      })
      onTestFinished(() => leadership.close())
      return leadership
    },
  }
}

describe('a copy that is not to listen', () => {
  it('leads when there is no other', async () => {
    const { stand, leading } = election()
    stand('off', lastChoice(lockFiles()))
    await expect.poll(leading).toBe('off')
  })

  it('hands over to one that listens, and leads again when that has ended', async () => {
    const locks = lockFiles()
    const { stand, leading, history, most } = election()
    stand('off', lastChoice(locks))
    await expect.poll(leading).toBe('off')
    const on = stand('on', firstChoice(locks))
    await expect.poll(leading).toBe('on')
    await on.close()
    await expect.poll(leading).toBe('off')
    expect(history).toEqual(['off', 'on', 'off'])
    expect(most()).toBe(1)
  })

  it('does not lead while one that listens waits', async () => {
    const locks = lockFiles()
    const { stand, leading, history } = election()
    const first = stand('first', firstChoice(locks))
    await expect.poll(leading).toBe('first')
    stand('second', firstChoice(locks))
    await sleep(50)
    stand('off', lastChoice(locks))
    stand('off too', lastChoice(locks))
    await sleep(50)
    await first.close()
    await expect.poll(leading).toBe('second')
    expect(history).toEqual(['first', 'second'])
  })

  it('stays, when there are only others of its kind', async () => {
    const locks = lockFiles()
    const { stand, leading, history } = election()
    for (const name of ['one', 'two', 'three']) stand(name, lastChoice(locks))
    await expect.poll(leading).not.toBe('')
    await sleep(300)
    expect(history).toHaveLength(1)
  })
})

describe('a copy that listens and cannot lead', () => {
  it('takes the place of none for a while, and stands again after that', async () => {
    const locks = lockFiles()
    const clock = { at: 0 }
    const failures: unknown[] = []
    const { stand, leading, history } = election()
    stand('off', lastChoice(locks))
    await expect.poll(leading).toBe('off')
    const broken = seekLeadership({
      candidate: firstChoice(locks, () => clock.at),
      pollMs: 10,
      onError: (error) => failures.push(error),
      lead: () => Promise.reject(new Error('the database does not open')),
    })
    onTestFinished(() => broken.close())
    await expect.poll(() => failures).toHaveLength(1)
    await expect.poll(leading).toBe('off')
    // Long enough for three more tries.
    await sleep(400)
    expect(failures).toHaveLength(1)
    expect(history).toEqual(['off', 'off'])
    clock.at += 60_000
    await expect.poll(() => failures).toHaveLength(2)
  })
})

describe('the lock that shows who waits', () => {
  it('is free again when its holder leads, and when it stands no longer', async () => {
    const locks = lockFiles()
    const leader = await locks.leader()
    const candidate = firstChoice(locks)
    expect(await candidate.acquire()).toBeNull()
    expect(await locks.waiting()).toBeNull()
    leader?.release()
    const led = await candidate.acquire()
    expect(led).not.toBeNull()
    led?.release()
    const shown = await locks.waiting()
    expect(shown).not.toBeNull()
    shown?.release()
    const other = await locks.leader()
    expect(await candidate.acquire()).toBeNull()
    candidate.close()
    expect(await locks.waiting()).not.toBeNull()
    other?.release()
  })

  it('that cannot be asked costs nobody the lock of the leader', async () => {
    const locks = lockFiles()
    const candidate = lastChoice({ ...locks, waiting: () => Promise.reject(new Error('disk full')) })
    await expect(candidate.acquire()).rejects.toThrow('disk full')
    expect(await locks.leader()).not.toBeNull()
  })
})
