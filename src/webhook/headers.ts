/**
 * The value of a header that came exactly once; null when it did not come, 'several' when it came more often.
 * Node joins or drops repeated headers, so that only the raw list tells.
 */
export function onlyHeader(
  rawHeaders: readonly string[],
  name: string,
): { readonly value: string } | 'several' | null {
  let found: { value: string } | null = null
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() !== name) continue
    if (found !== null) return 'several'
    found = { value: rawHeaders[index + 1] ?? '' }
  }
  return found
}

/** The value of a header that came exactly once, else null. */
export function singleHeader(rawHeaders: readonly string[], name: string): string | null {
  const found = onlyHeader(rawHeaders, name)
  return found === null || found === 'several' ? null : found.value
}

/** JSON in UTF-8 and not packed in anything. */
export function isPlainJson(rawHeaders: readonly string[]): boolean {
  const type = singleHeader(rawHeaders, 'content-type') ?? ''
  const encoding = onlyHeader(rawHeaders, 'content-encoding')
  const isJson = /^application\/json[ \t]*(?:;[ \t]*charset=(?:utf-8|"utf-8")[ \t]*)?$/i.test(type)
  return isJson && (encoding === null || (encoding !== 'several' && /^identity$/i.test(encoding.value)))
}

/** Whether the sender meant this machine or `publicName`. The port may be any: tunnels change it. */
export function isOurHost(rawHeaders: readonly string[], publicName: string | null): boolean {
  const given = singleHeader(rawHeaders, 'host')
  const [, name] = /^(\[::1\]|[a-z0-9.-]{1,253})(?::\d{1,5})?$/.exec(given?.toLowerCase() ?? '') ?? []
  if (name === undefined) return false
  return ['127.0.0.1', 'localhost', '[::1]'].includes(name) || name === publicName
}
