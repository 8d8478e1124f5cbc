/** Waits for what another process does; throws when it has not come about in time. */
export async function until(isSo: () => boolean | Promise<boolean>, ms = 25_000): Promise<void> {
  const end = Date.now() + ms
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`not so within ${ms} ms`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
