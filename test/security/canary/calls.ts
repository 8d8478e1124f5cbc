import type { Copy } from '../../support/coffer.ts'

export type ToolCall = readonly [name: Parameters<Copy['call']>[0], args: object]

/** Between them they ask Plaid for every path. */
export const asked: readonly ToolCall[] = [
  ['sync_snapshot', { max_age_minutes: 0 }],
  ['sync_snapshot', { max_age_minutes: 0, live_balances: true }],
  ['list_connections', { refresh: true }],
  ['get_positions', {}],
  ['search_transactions', {}],
  ['get_cash_flow', { group_by: 'merchant' }],
  ['get_upcoming', {}],
  ['get_history', { metric: 'net_worth' }],
  ['account_health', {}],
  ['sync_schedule', {}],
  ['token_analytics', {}],
  ['cleanup_tokens', { dry_run: true }],
  ['connect_bank', {}],
]

/** What each argument is given in turn, whatever it wants. */
const wrong: readonly unknown[] = ['', 'nonsense', -1, 1e9, true, null, ['x'], {}]

/** Every tool as it is, with an argument too many, and with each argument wrong; `secret` stands in some of them. */
export async function everyCall({ client }: Copy, secret: string): Promise<ToolCall[]> {
  const { tools } = await client.listTools()
  return tools.flatMap(({ name, inputSchema }) => {
    const names = Object.keys(inputSchema.properties ?? {})
    const each = names.flatMap((argument) => [
      ...wrong.map((value) => ({ [argument]: value })),
      { [argument]: secret },
    ])
    return [{}, { nonsense: 1 }, ...each].map((args) => [name, args] as ToolCall)
  })
}

/** The whole answer, as the client gets it. */
export async function answer({ client }: Copy, [name, args]: ToolCall): Promise<string> {
  return JSON.stringify(await client.callTool({ name, arguments: { ...args } }).catch(told))
}

/** Resources and prompts, those that there are and one that is not. */
export async function readings({ client }: Copy): Promise<string[]> {
  const { resources } = await client.listResources()
  const { prompts } = await client.listPrompts()
  const uris = [...resources.map(({ uri }) => uri), 'coffer://connections/nobody', 'coffer://nothing']
  const said = [JSON.stringify(resources), JSON.stringify(prompts)]
  for (const uri of uris) said.push(JSON.stringify(await client.readResource({ uri }).catch(told)))
  for (const { name } of prompts) said.push(JSON.stringify(await client.getPrompt({ name }).catch(told)))
  return said
}

function told(error: unknown): { error: string } {
  return { error: String(error) }
}
