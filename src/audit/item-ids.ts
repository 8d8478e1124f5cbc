/** Connections that arguments or a result name: by themselves, in a part of them, or in a row. Each once. */
export function itemIdsIn(...values: readonly unknown[]): readonly string[] {
  const found = new Set<string>()
  for (const value of values) gather(value, 2, found)
  return [...found]
}

const names = ['item_id', 'replaces', 'duplicate_of']

/** Of what lies deepest only these names are looked at: a page of rows has a hundred others. */
function gather(value: unknown, depth: number, found: Set<string>): void {
  if (typeof value !== 'object' || value === null) return
  for (const name of names) {
    const id: unknown = Reflect.get(value, name)
    if (typeof id === 'string') found.add(id)
  }
  if (depth > 0) for (const part of Object.values(value)) gather(part, depth - 1, found)
}
