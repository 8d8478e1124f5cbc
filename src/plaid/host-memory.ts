import { calm, type HostState } from '../host-state.ts'
import type { HostMemory } from './operations.ts'

/** What this process alone has seen. */
export function ownHosts(): HostMemory {
  const states = new Map<string, HostState>()
  const find = (host: string) => states.get(host) ?? calm
  return {
    read: async (host) => find(host),
    async change(host, change) {
      const after = change(find(host))
      states.set(host, after)
      return after
    },
  }
}
