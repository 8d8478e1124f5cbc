/** What stands at `totals[currency=USD].income` or `connections[0].status`; undefined where there is nothing. */
export function at(answer: unknown, path: string): unknown {
  return partsOf(path).reduce(step, answer)
}

function partsOf(path: string): string[] {
  return path.match(/\[[^\]]*\]|[^.[\]]+/g) ?? []
}

function step(value: unknown, part: string): unknown {
  if (!part.startsWith('[')) return fieldOf(value, part)
  if (!Array.isArray(value)) return undefined
  const [name = '', wanted] = part.slice(1, -1).split('=')
  return wanted === undefined
    ? value[Number(name)]
    : value.find((row) => String(fieldOf(row, name)) === wanted)
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined
}
