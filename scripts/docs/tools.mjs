import { z } from 'zod'
import { hintsOf } from '../../src/tools/define.ts'
import { tools } from '../../src/tools/index.ts'
import * as shapes from '../../src/tools/shapes.ts'
import { fieldRows } from './fields.mjs'
import { code, page, table } from './markdown.mjs'

const shared = {
  Connection: shapes.connection,
  Account: shapes.account,
  Source: shapes.source,
  Totals: shapes.totals,
  NextStep: shapes.nextStep,
  Warning: shapes.warning,
}

const effects = {
  read: 'reads what is stored',
  refresh: 'reads, and may ask Plaid',
  write: 'changes something',
  destroy: 'removes something',
}

const intro = `A result is JSON, as \`structuredContent\` and as text. \`?\` marks what may be missing. Times are ISO 8601 in UTC, days are
\`YYYY-MM-DD\`, amounts are numbers in major units (dollars, not cents) in the currency beside them. With
\`COFFER_READ_ONLY=1\` the tools that change something are not offered.`

export function toolTable() {
  const rows = tools.map(({ name, effect, description }) => [
    `[${code(name)}](docs/tools.md#${name})`,
    effects[effect],
    description.slice(0, description.indexOf('. ') + 1),
  ])
  return table(['tool', 'effect', 'what it is for'], rows)
}

export function toolsPage() {
  const ids = z.registry()
  for (const [id, schema] of Object.entries(shared)) ids.add(schema, { id })
  const shapeSections = Object.entries(shared).map(
    ([name, schema]) => `### ${name}\n\n${output(schema, ids)}`,
  )
  return page(
    'Tools',
    intro,
    ...tools.map((tool) => section(tool, ids)),
    '## Shapes that several tools share',
    ...shapeSections,
  )
}

function section(tool, ids) {
  const hints = Object.entries(hintsOf(tool.effect)).map(([name, value]) => `${name} ${value}`)
  return [
    `## ${tool.name}`,
    `**${tool.title}**: ${effects[tool.effect]} (${hints.join(', ')}).`,
    tool.description,
    'Input:',
    input(tool.input),
    'Output:',
    output(tool.output, ids),
  ].join('\n\n')
}

function input(schema) {
  const rows = fieldRows(z.toJSONSchema(schema, { io: 'input' }))
  if (rows.length === 0) return 'none.'
  const cells = rows.map(({ name, type, fallback, meaning }) => [code(name), type, fallback, meaning])
  return table(['argument', 'type', 'default', 'meaning'], cells)
}

/** Shapes of the registry come as references, but the one that is described as itself. */
function output(schema, ids) {
  const { $ref, $defs = {}, ...whole } = z.toJSONSchema(schema, { io: 'output', metadata: ids })
  const fields = $ref === undefined ? whole : ($defs[$ref.split('/').at(-1)] ?? whole)
  return table(
    ['field', 'type'],
    fieldRows(fields).map(({ name, type }) => [code(name), type]),
  )
}
