import { codeOf } from '../errors.ts'

/** Runs `work` and tells how it ended: `ok` with what it gave, or the code of what it threw. */
export async function tellingEnd<T>(
  work: () => Promise<T>,
  tell: (outcome: string, result: T | null) => void | Promise<void>,
): Promise<T> {
  try {
    const result = await work()
    await tell('ok', result)
    return result
  } catch (error) {
    await tell(codeOf(error), null)
    throw error
  }
}
