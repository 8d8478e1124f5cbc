/** A UUID. Node's crypto comes with the first one: a server that starts has no time for it, and needs none. */
export function randomId(): string {
  return process.getBuiltinModule('node:crypto').randomUUID()
}
