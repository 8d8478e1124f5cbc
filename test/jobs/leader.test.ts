import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Candidate } from '../../src/jobs/candidate.ts'
import { seekLeadership } from '../../src/jobs/leader.ts'
import { acquireLock, type Lock } from '../../src/lock.ts'

function lockFile(): string {
  const directory = mkdtempSync(join(tmpdir(), 'coffer-test-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return join(directory, 'leader.lock')
}

/** A copy that no other is preferred to. */
function only(acquire: () => Promise<Lock | null>): Candidate {
  return { acquire, yields: async () => false, failed: () => undefined, close: () => undefined }
}

/** Seeks to lead; while it does, its name is in `leading`. */
function seek(path: string, leading: string[], name: string) {
  return seekLeadership({
    candidate: only(() => acquireLock(path)),
    async lead(signal) {
      leading.push(name)
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      leading.splice(leading.indexOf(name), 1)
    },
    onError: (error) => expect.unreachable(String(error)),
    pollMs: 20,
  })
}

describe('leadership', () => {
  it('is one copy at a time; when it ends, another one has it', async () => {
    const path = lockFile()
    const leading: string[] = []
    const first = seek(path, leading, 'first')
    await expect.poll(() => leading).toEqual(['first'])
    const others = [seek(path, leading, 'second'), seek(path, leading, 'third')]
    await sleep(100)
    expect(leading).toEqual(['first'])
    await first.close()
    await expect.poll(() => leading.length).toBe(1)
    await sleep(100)
    expect(leading).toHaveLength(1)
    await Promise.all(others.map((other) => other.close()))
    expect(leading).toEqual([])
    expect(await acquireLock(path)).not.toBeNull()
  })

  it('frees the lock when its work breaks, says so, and goes on seeking', async () => {
    let held = 0
    const lock: Lock = { release: () => void (held -= 1) }
    const acquire = async () => {
      held += 1
      return lock
    }
    const told: unknown[] = []
    const lead = () => Promise.reject(new Error('broke'))
    const onError = (error: unknown) => void told.push(error)
    const leadership = seekLeadership({ candidate: only(acquire), lead, onError, pollMs: 1 })
    await expect.poll(() => told.length).toBeGreaterThan(1)
    await leadership.close()
    expect(held).toBe(0)
  })

  it('ends at once when it is closed while it takes the lock', async () => {
    const path = lockFile()
    const leading: string[] = []
    await seek(path, leading, 'closed').close()
    expect(leading).toEqual([])
    expect(await acquireLock(path)).not.toBeNull()
  })

  it('goes on seeking when the lock file cannot be used for a while', async () => {
    const told: unknown[] = []
    const acquire = () => (told.length < 2 ? Promise.reject(new Error('disk full')) : acquireLock(path))
    const path = lockFile()
    let leads = false
    const lead = async (signal: AbortSignal) => {
      leads = true
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
    }
    const onError = (error: unknown) => void told.push(error)
    const leadership = seekLeadership({ candidate: only(acquire), lead, onError, pollMs: 1 })
    await expect.poll(() => leads).toBe(true)
    await leadership.close()
  })

  it('passes on within 2 s when the leading process is killed', async () => {
    const path = lockFile()
    const children = [startSeeker(path), startSeeker(path)]
    const [leader, next] = await inOrder(children)
    const took = once(next.stdout ?? next, 'data')
    const killedAt = performance.now()
    leader.kill('SIGKILL')
    expect(String(await took)).toContain(`${next.pid} leads`)
    expect(performance.now() - killedAt).toBeLessThan(2_000)
  })
})

function startSeeker(path: string): ChildProcess {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'children/lead.ts'), path])
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** The one that leads first. */
async function inOrder([one, other]: ChildProcess[]): Promise<[ChildProcess, ChildProcess]> {
  if (one === undefined || other === undefined) throw new Error('two are needed')
  const first = await Promise.race([one, other].map((child) => once(child.stdout ?? child, 'data')))
  return String(first).startsWith(`${one.pid} `) ? [one, other] : [other, one]
}
