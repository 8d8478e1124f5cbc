import { z } from 'zod'
import { type AnyTool, hintsOf, viewUri } from './define.ts'

type Json = Readonly<Record<string, unknown>>

/** One tool as `tools/list` shows it. */
export function listingOf(tool: AnyTool) {
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: withoutDialect(z.toJSONSchema(tool.input, { target: 'draft-7', io: 'input' })),
    outputSchema: openRows(withoutDialect(z.toJSONSchema(tool.output, { target: 'draft-7', io: 'output' }))),
    annotations: { title: tool.title, ...hintsOf(tool.effect) },
    ...(tool.view === undefined ? {} : { _meta: { ui: { resourceUri: viewUri(tool.view) } } }),
  }
}

function withoutDialect({ $schema: _, ...schema }: Json): Json & { type: 'object' } {
  return { ...schema, type: 'object' }
}

/**
 * Listed rows are open objects: spelling out every field of every row would triple what each conversation
 * pays for the list. Results are still cut to the full schema, in run.ts.
 */
function openRows({ additionalProperties: _, ...schema }: Json & { type: 'object' }) {
  const properties = Object.entries(isJson(schema.properties) ? schema.properties : {})
  return { ...schema, properties: Object.fromEntries(properties.map(([name, value]) => [name, open(value)])) }
}

function open(schema: unknown): unknown {
  if (!isJson(schema)) return schema
  if (schema.type === 'object') return { type: 'object' }
  return isJson(schema.items) ? { ...schema, items: open(schema.items) } : schema
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
