import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { acquireLock } from '../src/lock.ts'
import { coffer, floor, settingsOf, withHome } from './coffer.ts'
import { type Figure, median } from './figure.ts'
import { residentMiB } from './memory.ts'
import { withServer } from './stdio-server.ts'

const rounds = 5
/** The leader and the store start a second after the handshake; then V8 needs a moment to tidy up. */
const settleMs = 3500

/** Memory of a server that nobody asks anything: as one copy of several, and as the one that leads. */
export async function measureIdle(): Promise<Figure[]> {
  const samples = { floor: [] as number[], copy: [] as number[], leader: [] as number[] }
  for (let round = 0; round < rounds; round += 1) {
    const [floorMiB, copyMiB, leaderMiB] = await Promise.all([settled(floor, {}), idleCopy(), idleLeader()])
    samples.floor.push(floorMiB)
    samples.copy.push(copyMiB)
    samples.leader.push(leaderMiB)
  }
  const base = median(samples.floor)
  return [
    { name: 'idle memory', unit: 'MiB', value: median(samples.copy), floor: base, budget: 1.1 },
    { name: 'idle memory, leading', unit: 'MiB', value: median(samples.leader), floor: base, budget: 1.25 },
  ]
}

/** While this process holds the lock, the copy cannot lead. */
async function idleCopy(): Promise<number> {
  return await withHome(async (home) => {
    const lock = await acquireLock(join(home, 'leader.lock'))
    try {
      return await settled(coffer, settingsOf(home))
    } finally {
      lock?.release()
    }
  })
}

async function idleLeader(): Promise<number> {
  return await withHome(async (home) => await settled(coffer, settingsOf(home)))
}

async function settled(args: readonly string[], env: Record<string, string>): Promise<number> {
  return await withServer(args, env, async ({ pid, request }) => {
    await request('tools/list')
    await setTimeout(settleMs)
    return residentMiB(pid)
  })
}
