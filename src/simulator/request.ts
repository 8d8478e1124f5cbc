import type { z } from 'zod'
import { plaidFailure, type PlaidFailure } from './failure.ts'

export type RequestBody = Readonly<Record<string, unknown>>

/** The body as the shape has it, or Plaid's refusal: unknown keys first, then missing ones, then bad values. */
export function readBody<Shape extends z.ZodType>(shape: Shape, body: RequestBody): z.output<Shape> {
  const parsed = shape.safeParse(body)
  if (parsed.success) return parsed.data
  throw refusal(parsed.error.issues, body)
}

function refusal(issues: readonly z.core.$ZodIssue[], body: RequestBody): PlaidFailure {
  const unknown = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key].join('.')) : [],
  )
  if (unknown.length > 0) return badFields('UNKNOWN_FIELDS', 'are not recognized by this endpoint', unknown)

  const missing = issues.filter((issue) => valueAt(body, issue.path) === undefined)
  if (missing.length > 0) return badFields('MISSING_FIELDS', 'are required', missing.map(pathOf))

  const [first] = issues
  if (first === undefined) throw new Error('a refusal without an issue')
  return invalidField(pathOf(first), first.message)
}

/** `INVALID_FIELD` about one field of the request. */
export function invalidField(field: string, problem: string): PlaidFailure {
  return plaidFailure('INVALID_FIELD', { message: `${field}: ${problem}` })
}

export function missingField(field: string): PlaidFailure {
  return badFields('MISSING_FIELDS', 'are required', [field])
}

function badFields(code: 'UNKNOWN_FIELDS' | 'MISSING_FIELDS', problem: string, fields: readonly string[]) {
  return plaidFailure(code, { message: `the following fields ${problem}: ${fields.join(', ')}` })
}

function pathOf(issue: z.core.$ZodIssue): string {
  return issue.path.join('.')
}

function valueAt(body: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (isRecord(value) ? value[String(key)] : undefined), body)
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
