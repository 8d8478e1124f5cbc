/** Longer lists are not worth the memory that they would take for ever. */
const atMost = 2_000

/**
 * A list that is read again and again is read anew only when something was written, by this process or any
 * other. The rows are shared by all callers.
 *
 * @param version another text after each write
 */
export function remember<T>(
  version: () => Promise<string>,
  load: () => Promise<readonly T[]>,
): () => Promise<readonly T[]> {
  let known: { readonly version: string; readonly rows: readonly T[] } | null = null
  return async () => {
    // Before the rows: what is written in between makes them newer than their version, and they are read again.
    const current = await version()
    if (known?.version === current) return known.rows
    const rows = await load()
    known = rows.length > atMost ? null : { version: current, rows }
    return rows
  }
}
