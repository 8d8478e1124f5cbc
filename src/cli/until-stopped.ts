/** Resolves when somebody asks for the end; a second later than that work takes, it comes in any case. */
export async function untilStopped(): Promise<void> {
  // Whoever reads our lines may go away before us.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  const stopped = Promise.withResolvers<void>()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stopped.resolve())
  // A copy that waits has nothing else that would keep it alive.
  const alive = setInterval(() => undefined, 60_000)
  await stopped.promise
  clearInterval(alive)
  setTimeout(() => process.exit(0), 1_500).unref()
}
