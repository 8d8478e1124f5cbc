/**
 * Sets or removes one member of a JSON text without touching another byte of it: people write these files
 * by hand, and other programs keep numbers and layouts in them that a parse would not give back.
 * The text must be valid JSON with an object at its top; the path leads through objects only.
 */

interface Member {
  readonly key: string
  /** Where the key begins, the value begins, and the value ends. */
  readonly start: number
  readonly value: number
  readonly end: number
}

/** Puts `value` at `path`, adding the objects on the way that are not there. */
export function setMember(text: string, path: readonly [string, ...string[]], value: unknown): string {
  return setBelow(text, text.indexOf('{'), path, value, 1)
}

/** Removes the member at `path`; a text that has none comes back as it is. */
export function removeMember(text: string, path: readonly [string, ...string[]]): string {
  let open = text.indexOf('{')
  for (const key of path.slice(0, -1)) {
    const member = find(text, open, key)
    if (member === undefined) return text
    open = member.value
  }
  return cut(text, membersOf(text, open), path.at(-1))
}

function setBelow(
  text: string,
  open: number,
  path: readonly string[],
  value: unknown,
  depth: number,
): string {
  const [key = '', ...rest] = path
  const member = find(text, open, key)
  if (member === undefined) {
    const nested = rest.reduceRight((inner, name) => ({ [name]: inner }), value)
    return insert(text, open, `${JSON.stringify(key)}: ${print(text, nested, depth)}`, depth)
  }
  if (rest.length > 0) return setBelow(text, member.value, rest, value, depth + 1)
  return text.slice(0, member.value) + print(text, value, depth) + text.slice(member.end)
}

function insert(text: string, open: number, printed: string, depth: number): string {
  const { indent, newline } = layoutOf(text)
  const last = membersOf(text, open).at(-1)
  const line = newline + indent.repeat(depth) + printed
  if (last !== undefined) return `${text.slice(0, last.end)},${line}${text.slice(last.end)}`
  const close = text.indexOf('}', open)
  return text.slice(0, open + 1) + line + newline + indent.repeat(depth - 1) + text.slice(close)
}

/** The last of several members of one name is the one that parsers see. */
function cut(text: string, members: readonly Member[], key: string | undefined): string {
  const at = members.findLastIndex((member) => member.key === key)
  const [before, member, after] = [members[at - 1], members[at], members[at + 1]]
  if (member === undefined) return text
  if (before !== undefined) return text.slice(0, before.end) + text.slice(member.end)
  if (after !== undefined) return text.slice(0, member.start) + text.slice(after.start)
  const open = text.lastIndexOf('{', member.start)
  return `${text.slice(0, open + 1)}${text.slice(text.indexOf('}', member.end))}`
}

function print(text: string, value: unknown, depth: number): string {
  const { indent, newline } = layoutOf(text)
  return JSON.stringify(value, null, indent).replaceAll('\n', newline + indent.repeat(depth))
}

function layoutOf(text: string): { indent: string; newline: string } {
  const indent = /\n([ \t]+)"/.exec(text)?.[1] ?? '  '
  return { indent, newline: text.includes('\r\n') ? '\r\n' : '\n' }
}

function find(text: string, open: number, key: string): Member | undefined {
  return membersOf(text, open).findLast((member) => member.key === key)
}

/** The members of the object whose `{` is at `open`: key, colon, value, comma, and again. */
function membersOf(text: string, open: number): Member[] {
  const parts = partsOf(text, open)
  return parts.flatMap((key, index) => {
    const value = parts[index + 2]
    if (index % 4 !== 0 || value === undefined) return []
    const name = String(JSON.parse(text.slice(key.start, key.end)))
    return [{ key: name, start: key.start, value: value.start, end: value.end }]
  })
}

/** The tokens of one object, a nested object or list counting as one. */
function partsOf(text: string, open: number): { start: number; end: number }[] {
  const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:,]|[^\s{}[\]:,"]+/g
  tokens.lastIndex = open + 1
  const parts: { start: number; end: number }[] = []
  let depth = 0
  for (const { 0: token, index } of text.matchAll(tokens)) {
    if (depth === 0 && token === '}') break
    const end = index + token.length
    if (depth === 0) parts.push({ start: index, end })
    else parts.push({ start: parts.pop()?.start ?? index, end })
    if (token === '{' || token === '[') depth += 1
    if (token === '}' || token === ']') depth -= 1
  }
  return parts
}
