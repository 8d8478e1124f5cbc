import { ownHosts } from '../../src/plaid/host-memory.ts'
import type { HostMemory } from '../../src/plaid/operations.ts'

/** What processes share, in one; `writes` counts the changes. */
export function hostMemory(): HostMemory & { readonly writes: () => number } {
  const own = ownHosts()
  let writes = 0
  return {
    writes: () => writes,
    read: own.read,
    async change(host, change) {
      const before = await own.read(host)
      const after = await own.change(host, change)
      if (after !== before) writes += 1
      return after
    },
  }
}
