import type { Core } from '../tools/context.ts'
import { connectionView } from '../tools/views.ts'
import { connections } from './connections.ts'
import { snapshot } from './snapshot.ts'
import { tokens } from './tokens.ts'

/** What is noted at every look, or seen by somebody else, and changes nothing that a reader would act on. */
const bookkeeping = ['last_used_at', 'last_checked_at', 'as_of', 'changes']

/**
 * One short text for each connection and for what else is wanted, which is another one when the resource has changed: by address. A connection
 * that is not there has none. It asks neither Plaid nor the key.
 */
export async function digests(
  core: Core,
  wanted: { has(uri: string): boolean },
): Promise<ReadonlyMap<string, string>> {
  const made = [...(await ofConnections(core)), ...(await ofFigures(core, wanted))]
  return new Map(made)
}

async function ofConnections({ store }: Pick<Core, 'store'>): Promise<[string, string][]> {
  const rows = await store.connections.list()
  const accounts = Map.groupBy(await store.accounts.list(), (account) => account.itemId)
  const each = rows.map((row): [string, string] => {
    const view = connectionView(row, accounts.get(row.itemId) ?? [], false)
    return [`${connections.uri}/${row.itemId}`, digestOf(newsIn(view))]
  })
  const whole = digestOf(each.map(([, digest]) => digest).join(' '))
  return [[connections.uri, whole], ...each]
}

/** Made only for those who want them: they take some work. */
async function ofFigures(core: Core, wanted: { has(uri: string): boolean }): Promise<[string, string][]> {
  const { signal } = new AbortController()
  const context = { ...core, signal, progress: () => undefined, elicitUrl: null, elicitYes: null }
  const found: [string, string][] = []
  for (const { uri, handle } of [snapshot, tokens]) {
    if (wanted.has(uri)) found.push([uri, digestOf(newsIn(await handle({}, context)))])
  }
  return found
}

function newsIn(view: object): string {
  return JSON.stringify(view, (key, value: unknown) => (bookkeeping.includes(key) ? undefined : value))
}

function digestOf(text: string): string {
  // Loaded here: the start of a server has no time for it.
  const { createHash } = process.getBuiltinModule('node:crypto')
  return createHash('sha256').update(text).digest('base64')
}
