import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv, type ValidateFunction } from 'ajv'
import formats from 'ajv-formats'

type Json = Record<string, unknown>

const file = join(import.meta.dirname, '../../../shared/plaid/openapi-subset.json')

/** Plaid's published schemas lie beside the repository, not in it; without them there is nothing to check against. */
export const hasPlaidSchema = existsSync(file)

/** Why a suite is skipped, for its name. */
export const schemaNote = hasPlaidSchema ? '' : ' (skipped: no ../shared/plaid/openapi-subset.json)'

/** The paths of Plaid's API that the schemas cover. */
export function plaidPaths(): string[] {
  return Object.keys(record(record(load())['paths']))
}

/** What is wrong with an answer by Plaid's schema, one line each; empty when nothing is. */
export function validateResponse(path: string, status: number, body: unknown): string[] {
  const responses = record(record(record(record(record(load())['paths'])[path])['post'])['responses'])
  const key = String(status) in responses ? String(status) : 'default'
  return problems(`open#/paths/${pointer(path)}/post/responses/${key}/content/application~1json/schema`, body)
}

/** The same for a request; a key that Plaid does not know is wrong too, as Plaid refuses it. */
export function validateRequest(path: string, body: unknown): string[] {
  return problems(`closed#/paths/${pointer(path)}/post/requestBody/content/application~1json/schema`, body)
}

/** The same for any schema by its name, such as `ItemErrorWebhook`. */
export function validateSchema(name: string, value: unknown): string[] {
  return problems(`open#/components/schemas/${name}`, value)
}

let document: Json | null = null
let validator: Ajv | null = null

function load(): Json {
  document ??= record(JSON.parse(readFileSync(file, 'utf8')))
  return document
}

function problems(reference: string, value: unknown): string[] {
  const validate = compiled(reference)
  if (validate(value)) return []
  return (validate.errors ?? []).map(
    (error) => `${error.instancePath || '/'} ${error.message ?? ''} ${JSON.stringify(error.params)}`,
  )
}

function compiled(reference: string): ValidateFunction {
  validator ??= createValidator()
  const validate = validator.getSchema(reference)
  if (validate === undefined) throw new Error(`Plaid's schemas have no ${reference}`)
  return validate
}

function createValidator(): Ajv {
  const ajv = new Ajv({ strict: false, allErrors: true })
  formats.default(ajv)
  // The real Sandbox answers "" for an Item without a webhook, whatever the schema says.
  ajv.addFormat('url', (text: string) => text === '' || URL.canParse(text))
  ajv.addSchema({ ...record(converted(load(), false)), $id: 'open' })
  ajv.addSchema({ ...record(converted(load(), true)), $id: 'closed' })
  return ajv
}

/**
 * OpenAPI 3.0 to JSON Schema: `nullable` becomes a choice, the boolean `exclusiveMinimum` a number, and with `closed` an object takes no other keys
 * than its own, save where it says so or is one part of several.
 */
function converted(value: unknown, closed: boolean, isPart = false): unknown {
  if (Array.isArray(value)) return value.map((entry) => converted(entry, closed, isPart))
  if (!isRecord(value)) return value
  const { nullable, examples: _, exclusiveMinimum, ...schema } = value
  const entries = Object.entries(schema).map(([key, entry]) => [
    key,
    converted(entry, closed, key === 'allOf'),
  ])
  const result: Json = Object.fromEntries(entries)
  if (exclusiveMinimum === true) result['exclusiveMinimum'] = schema['minimum']
  if (closed && !isPart && isRecord(schema['properties']) && !('additionalProperties' in schema)) {
    result['additionalProperties'] = false
  }
  return nullable === true ? { anyOf: [{ type: 'null' }, result] } : result
}

function pointer(path: string): string {
  return path.replaceAll('/', '~1')
}

function record(value: unknown): Json {
  if (!isRecord(value)) throw new TypeError('not an object')
  return value
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
