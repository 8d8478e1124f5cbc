const atMost = 1_000

/**
 * For texts of which thousands of rows have the same few, such as days: each is read once, and is in memory once.
 *
 * @param read null for what is not to be used, and is not remembered
 */
export function repeated(read: (text: string) => string | null): (text: string) => string | null {
  const known = new Map<string, string>()
  return (text) => {
    const found = known.get(text)
    if (found !== undefined) return found
    const value = read(text)
    if (value === null) return null
    if (known.size >= atMost) known.clear()
    known.set(text, value)
    return value
  }
}
