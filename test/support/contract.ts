/** What holds for every answer of every tool; the empty list when all does. */
export function faultsOfSuccess(result: object): string[] {
  const { content, structuredContent, isError } = shape(result)
  const [block, ...more] = content
  return [
    ...(isError === true ? ['it is an error'] : []),
    ...(more.length > 0 || block?.type !== 'text' ? ['it is not one text block'] : []),
    ...(block?.text === JSON.stringify(structuredContent) ? [] : ['the text is not the structured content']),
    ...faultsOfValue(structuredContent, 'result'),
  ]
}

/** A failure is text alone, since some clients show a model nothing else of it. */
export function faultsOfFailure(result: object): string[] {
  const { content, structuredContent, isError } = shape(result)
  const [block, ...more] = content
  const text = block?.text ?? ''
  return [
    ...(isError === true ? [] : ['it is no error']),
    ...(structuredContent === undefined ? [] : ['it has structured content']),
    ...(more.length > 0 || block?.type !== 'text' ? ['it is not one text block'] : []),
    ...(/^[A-Z][A-Z_]+: \S.*\. ?\S/s.test(text) ? [] : [`it is not CODE: what happened: ${text}`]),
    ...(/\n\s+at |Error:|undefined|\[object/.test(text) ? [`it shows the inside: ${text}`] : []),
  ]
}

interface Shape {
  readonly content: readonly { readonly type?: string; readonly text?: string }[]
  readonly structuredContent?: unknown
  readonly isError?: boolean
}

function shape(result: object): Shape {
  return { content: [], ...result }
}

const times = /^(as_of|.*_at|data_as_of|reauth_deadline)$/
const days = /^(price_as_of|from|to|date)$/
const utc = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/
const day = /^\d{4}-\d{2}-\d{2}$/
/** Cents of a thousandth at most would be a float that nobody rounded. */
const exact = /^-?\d+(\.\d{1,4})?$/
const money =
  /^(current|available|limit|value|cost_basis|unrealized_gain|sum)$|_(balance|owed|worth|flow|burn|net|excluded)$/

function faultsOfValue(value: unknown, path: string): string[] {
  if (value === null || value === undefined) return [`${path} is ${value}`]
  if (Array.isArray(value)) return value.flatMap((one, at) => faultsOfValue(one, `${path}[${at}]`))
  if (typeof value !== 'object') return []
  return Object.entries(value).flatMap(([name, inner]) => faultsOfField(name, inner, `${path}.${name}`))
}

function faultsOfField(name: string, value: unknown, path: string): string[] {
  if (!/^[a-z][a-z0-9_]*$/.test(name) && !/(institutions|key_versions|by_type)\.[^.]*/.test(path))
    return [`${path} is not in snake case`]
  if (times.test(name) && !utc.test(String(value))) return [`${path} is not a time in UTC: ${String(value)}`]
  if (days.test(name) && !day.test(String(value))) return [`${path} is not a day: ${String(value)}`]
  if (money.test(name) && !exact.test(String(value))) return [`${path} is not exact: ${String(value)}`]
  return faultsOfValue(value, path)
}
