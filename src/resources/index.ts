import { CofferError } from '../errors.ts'
import { connection } from './connection.ts'
import { connections } from './connections.ts'
import type { AnyResource } from './define.ts'
import { snapshot } from './snapshot.ts'
import { tokens } from './tokens.ts'

/** Every resource, in the order of the documentation. */
export const resources: readonly AnyResource[] = [snapshot, connections, connection, tokens]

const argument = /\{([a-z_]+)\}$/

export function isTemplate({ uri }: AnyResource): boolean {
  return argument.test(uri)
}

/** One resource as `resources/list` or, for a template, `resources/templates/list` shows it. */
export function listingOf(resource: AnyResource) {
  const { name, title, description, priority } = resource
  const annotations = { audience: ['assistant' as const], priority }
  return { name, title, description, mimeType: 'application/json', annotations }
}

/** What an address names, and the argument in it. Throws INVALID_ARGUMENTS with those that there are. */
export function resolve(uri: string): { resource: AnyResource; args: Record<string, string> } {
  for (const resource of resources) {
    const args = match(resource, uri)
    if (args !== null) return { resource, args }
  }
  const known = resources.map((resource) => resource.uri).join(', ')
  const text = `There is no resource ${JSON.stringify(uri.slice(0, 100))}.`
  throw new CofferError('INVALID_ARGUMENTS', text, { fix: `The resources are: ${known}.` })
}

function match(resource: AnyResource, uri: string): Record<string, string> | null {
  const [, name] = argument.exec(resource.uri) ?? []
  if (name === undefined) return uri === resource.uri ? {} : null
  const start = resource.uri.replace(argument, '')
  const value = uri.slice(start.length)
  // Plaid's ids are letters and digits, so that nothing in an address is escaped.
  return uri.startsWith(start) && /^[\w-]{1,64}$/.test(value) ? { [name]: value } : null
}
