/** What each entry of an esbuild metafile loads at once (its static imports, all the way down), in bytes by package. */
export function report({ outputs }) {
  const entries = Object.entries(outputs).filter(([, { entryPoint }]) => entryPoint !== undefined)
  return entries.map(([path, { entryPoint }]) => section(entryPoint, closure(outputs, path))).join('\n')
}

function section(entryPoint, parts) {
  const packages = new Map()
  for (const [path, { bytesInOutput }] of parts.flatMap(({ inputs }) => Object.entries(inputs))) {
    const name = packageOf(path)
    packages.set(name, (packages.get(name) ?? 0) + bytesInOutput)
  }
  const external = new Set(
    parts.flatMap(({ imports }) => imports.filter(isExternalPackage).map(({ path }) => path)),
  )
  const rows = [...packages].toSorted((a, b) => b[1] - a[1]).map(([name, bytes]) => row(name, bytes))
  const total = parts.reduce((sum, { bytes }) => sum + bytes, 0)
  return [
    row(`${entryPoint}, ${parts.length} files`, total),
    ...rows.map((line) => `  ${line}`),
    ...[...external].map((name) => `  external ${name}`),
  ].join('\n')
}

function closure(outputs, path, seen = new Set()) {
  if (seen.has(path) || outputs[path] === undefined) return []
  seen.add(path)
  const next = outputs[path].imports.filter(({ kind, external }) => kind === 'import-statement' && !external)
  return [outputs[path], ...next.flatMap((part) => closure(outputs, part.path, seen))]
}

function isExternalPackage({ kind, external, path }) {
  return kind === 'import-statement' && external && !path.startsWith('node:')
}

function packageOf(path) {
  const inside = path.split('node_modules/').at(-1)
  if (inside === path) return 'ours'
  return inside
    .split('/')
    .slice(0, inside.startsWith('@') ? 2 : 1)
    .join('/')
}

function row(name, bytes) {
  return `${(bytes / 1000).toFixed(1).padStart(8)} kB  ${name}`
}
