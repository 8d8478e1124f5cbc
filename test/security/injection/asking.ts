import type { Client } from '@modelcontextprotocol/sdk/client/index.js'

/** What was asked, and all that came back, as the client has it. */
export interface Answer {
  readonly asked: string
  readonly isError: boolean
  readonly content: unknown
}

interface Schema {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly maximum?: number
}
type Listed = Awaited<ReturnType<Client['listTools']>>['tools'][number]

/** Values of earlier answers, by the name of the argument that takes them. */
export type Known = ReadonlyMap<string, readonly unknown[]>

/** Calls every tool in every way that its schema tells of: each choice, each switch, each id that is known, all pages. */
export async function askTools(client: Client, known: Known): Promise<Answer[]> {
  const { tools } = await client.listTools()
  const answers: Answer[] = []
  for (const tool of tools) {
    // What removes something comes with no more than it needs, and nobody here says yes to it.
    const ways = tool.annotations?.destructiveHint === true ? [required(tool, known)] : waysOf(tool, known)
    for (const args of ways) answers.push(...(await readAll(client, tool.name, args)))
  }
  return answers
}

/** Reads every resource, and every one that a template leads to. */
export async function readResources(client: Client, known: Known): Promise<Answer[]> {
  const { resources } = await client.listResources()
  const { resourceTemplates } = await client.listResourceTemplates()
  const led = resourceTemplates.flatMap(({ uriTemplate }) => filled(uriTemplate, known))
  const answers: Answer[] = []
  for (const uri of [...resources.map((resource) => resource.uri), ...led]) {
    answers.push(await heard(uri, async () => (await client.readResource({ uri })).contents))
  }
  return answers
}

/** Gets every prompt, without arguments and for every connection. */
export async function getPrompts(client: Client, known: Known): Promise<Answer[]> {
  const { prompts } = await client.listPrompts()
  const answers: Answer[] = []
  for (const { name, arguments: takes = [] } of prompts) {
    const optional = takes.flatMap((one) =>
      (known.get(one.name) ?? []).map((value) => ({ [one.name]: String(value) })),
    )
    for (const args of [{}, ...optional]) {
      answers.push(
        await heard(`${name} ${JSON.stringify(args)}`, () => client.getPrompt({ name, arguments: args })),
      )
    }
  }
  return answers
}

async function heard(asked: string, ask: () => Promise<unknown>): Promise<Answer> {
  try {
    return { asked, isError: false, content: await ask() }
  } catch (error) {
    return { asked, isError: true, content: error instanceof Error ? error.message : String(error) }
  }
}

function filled(template: string, known: Known): string[] {
  const [whole = '', name = ''] = /\{(\w+)\}/.exec(template) ?? []
  return (known.get(name) ?? []).map((value) => template.replace(whole, String(value)))
}

function propertiesOf({ inputSchema }: Listed): [string, Schema][] {
  return Object.entries((inputSchema.properties ?? {}) as Record<string, Schema>)
}

/** What a tool cannot be called without. */
function required(tool: Listed, known: Known): Record<string, unknown> {
  const needed = new Set(tool.inputSchema.required)
  const asked = propertiesOf(tool).filter(([name]) => needed.has(name))
  return Object.fromEntries(asked.map(([name, schema]) => [name, valuesFor(name, schema, known)[0]]))
}

function waysOf(tool: Listed, known: Known): Record<string, unknown>[] {
  const base = required(tool, known)
  const one = propertiesOf(tool).flatMap(([name, schema]) =>
    valuesFor(name, schema, known).map((value) => ({ ...base, [name]: value })),
  )
  return [base, ...one]
}

function valuesFor(name: string, schema: Schema, known: Known): readonly unknown[] {
  // The next page is asked for where an answer names it.
  if (name === 'cursor') return []
  if (known.has(name)) return known.get(name) ?? []
  if (schema.enum !== undefined) return schema.enum
  if (schema.type === 'boolean') return [false, true]
  if (schema.type === 'integer' || schema.type === 'number') return [Math.min(schema.maximum ?? 30, 365)]
  return []
}

const mostPages = 200

/** All pages of a tool's answer. */
export async function readAll(
  client: Client,
  name: string,
  args: Record<string, unknown> = {},
): Promise<Answer[]> {
  const answers: Answer[] = []
  let cursor: unknown
  do {
    const asked = cursor === undefined ? args : { ...args, cursor }
    const result = await client.callTool({ name, arguments: asked })
    answers.push({
      asked: `${name} ${JSON.stringify(asked)}`,
      isError: result.isError === true,
      content: result.isError === true ? result.content : result.structuredContent,
    })
    cursor = (result.structuredContent as { next_cursor?: unknown } | undefined)?.next_cursor
  } while (cursor !== undefined && answers.length < mostPages)
  return answers
}
