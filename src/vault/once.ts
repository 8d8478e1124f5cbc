/**
 * Does the work once for each id, also when asked several times at once, and keeps the result in memory. A
 * failure is not kept: the next call tries again.
 */
export function once<A, T>(idOf: (argument: A) => string, work: (argument: A) => Promise<T>) {
  const done = new Map<string, Promise<T>>()
  return (argument: A): Promise<T> => {
    const id = idOf(argument)
    const known = done.get(id)
    if (known !== undefined) return known
    const result = work(argument)
    done.set(id, result)
    result.catch(() => done.delete(id))
    return result
  }
}
