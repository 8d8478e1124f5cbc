import { dirname, join } from 'node:path/posix'
import { describe, expect, it } from 'vitest'
import { isNode, type Node, nodesOf, type SourceFile, typescriptUnder } from './house/tree.ts'

/** Which rooms each room may import; lowest first, so that nothing goes round in a circle. */
const above = ['sync', 'connections', 'approval', 'audit', 'jobs', 'snapshot', 'store']
const rooms: Record<string, readonly string[]> = {
  simulator: [],
  snapshot: [],
  store: [],
  vault: [],
  plaid: [],
  connections: ['plaid', 'store', 'vault'],
  approval: ['store'],
  audit: ['store'],
  sync: ['connections', 'plaid', 'store', 'snapshot'],
  webhook: ['plaid', 'store', 'connections'],
  jobs: ['sync', 'connections', 'store'],
  tools: above,
  resources: [...above, 'tools', 'view'],
  prompts: [...above, 'tools'],
  view: ['tools'],
  browser: ['view'],
  pages: [...above, 'tools', 'view'],
  'server.ts': ['tools', 'resources', 'prompts'],
  'app.ts': ['*', 'server.ts'],
  cli: ['simulator', 'snapshot', 'audit', 'sync', 'tools', 'jobs', 'view', 'server.ts', 'app.ts'],
  'bin.ts': ['cli'],
}
const doors = ['server.ts', 'app.ts', 'bin.ts']

/** Which files may load a package; the rest of src may not even know that it is there. */
const packages: Record<string, RegExp> = {
  plaid: /^plaid\//,
  'better-sqlite3': /^(store\/|lock\.ts$)/,
  'node:sqlite': /^(store\/|lock\.ts$)/,
  kysely: /^store\//,
  '@napi-rs/keyring': /^vault\//,
  '@modelcontextprotocol/sdk': /^(server|bin)\.ts$|^cli\//,
  hono: /^(simulator|webhook|pages|view)\//,
  '@hono/node-server': /^(simulator|webhook|pages)\//,
  jose: /^(simulator|webhook)\//,
  croner: /^jobs\//,
  pino: /^log\.ts$/,
  commander: /^cli\//,
  '@clack/prompts': /^cli\//,
  'cli-table3': /^cli\//,
  'node:child_process': /^(simulator|cli)\/|^browser\.ts$/,
}

const imports = typescriptUnder('src').flatMap(importsOf)

describe('import rules', () => {
  it('each room imports only what stands below it', () => {
    expect(imports.filter(isAgainstTheRooms).map(told)).toEqual([])
  })

  it.each(Object.keys(packages))('%s is loaded only where it belongs', (name) => {
    const wrong = imports.filter((one) => !one.typeOnly && isPackage(name, one))
    expect(wrong.filter(({ from }) => !packages[name]?.test(from)).map(told)).toEqual([])
  })

  it('types of Plaid are seen by its room and the simulator alone', () => {
    const wrong = imports.filter((one) => isPackage('plaid', one) && !/^(plaid|simulator)\//.test(one.from))
    expect(wrong.map(told)).toEqual([])
  })

  it('Plaid and the native modules are loaded on their first use, not at the start', () => {
    const late = ['plaid', 'better-sqlite3', '@napi-rs/keyring', 'croner']
    const early = imports.filter(({ typeOnly, lazy, target }) => !typeOnly && !lazy && late.includes(target))
    expect(early.map(told)).toEqual([])
  })
})

describe('the import rules see', () => {
  it.each([
    ['a room below importing one above', 'store/a.ts', "import { b } from '../sync/b.ts'"],
    ['a type from there', 'store/a.ts', "import type { B } from '../sync/b.ts'"],
    ['a re-export', 'plaid/a.ts', "export { b } from '../vault/b.ts'"],
    ['a late import', 'snapshot/a.ts', "const b = () => import('../store/b.ts')"],
    ['the simulator looking at our client', 'simulator/a.ts', "import { b } from '../plaid/b.ts'"],
    ['a room that knows the whole', 'tools/a.ts', "import { b } from '../app.ts'"],
    ['a word that knows a room', 'model.ts', "import { b } from './store/b.ts'"],
    ['the whole that knows the command line', 'app.ts', "import { b } from './cli/b.ts'"],
  ])('%s', (_what, path, text) => {
    expect(importsIn(path, text).filter(isAgainstTheRooms)).toHaveLength(1)
  })

  it.each([
    ['a neighbour', 'store/a.ts', "import { b } from './deep/b.ts'"],
    ['a word of all rooms', 'store/deep/a.ts', "import { b } from '../../model.ts'"],
    ['a package', 'store/a.ts', "import { b } from 'plaid'"],
    ['a room below', 'sync/a.ts', "import { b } from '../store/b.ts'"],
    ['the whole seeing a room', 'app.ts', "import { b } from './simulator/b.ts'"],
  ])('nothing wrong with %s', (_what, path, text) => {
    expect(importsIn(path, text).filter(isAgainstTheRooms)).toEqual([])
  })
})

describe('the start of the server', () => {
  const start = ['bin.ts', 'cli/main.ts', 'cli/serve.ts']

  it('loads the SDK and zod, and no other package', () => {
    const loaded = [...closureOf(start)].filter((target) => !/\.(ts|json)$/.test(target))
    const foreign = loaded.filter((target) => !/^(node:|zod$|@modelcontextprotocol\/sdk\/)/.test(target))
    expect(foreign).toEqual([])
  })

  it('loads nothing of Node that takes long and is not needed yet', () => {
    const slow = /^node:(crypto|https?|http2|worker_threads|sqlite)$/
    expect([...closureOf(start)].filter((target) => slow.test(target))).toEqual([])
  })

  it('reaches the rest by loading it later', () => {
    expect(
      [...closureOf(start)].filter((target) => /^(app\.ts|(store|plaid|simulator)\/index)/.test(target)),
    ).toEqual([])
    expect(
      imports.some(({ from, target, lazy }) => lazy && closureOf(start).has(from) && target === 'app.ts'),
    ).toBe(true)
  })
})

describe('names', () => {
  it('say what a file is about', () => {
    const paths = typescriptUnder('src').map(({ path }) => path)
    expect(paths.filter((path) => /\b(utils?|helpers?|common|misc|services?)\b/.test(path))).toEqual([])
    expect(paths.filter((path) => !/^src\/[a-z0-9/-]+\.ts$/.test(path))).toEqual([])
  })

  it('every room is in the table above', () => {
    const found = typescriptUnder('src').map(({ path }) => roomOf(path.slice('src/'.length)))
    expect([...new Set(found)].filter((room) => !room.endsWith('.ts') && !(room in rooms))).toEqual([])
  })
})

interface Import {
  /** Below src. */
  readonly from: string
  /** A path below src, or a package. */
  readonly target: string
  readonly ours: boolean
  readonly typeOnly: boolean
  readonly lazy: boolean
}

function importsIn(path: string, text: string): Import[] {
  return importsOf({ path: `src/${path}`, text, lines: 1 })
}

function importsOf(file: SourceFile): Import[] {
  const from = file.path.slice('src/'.length)
  return nodesOf(file).flatMap((node) => {
    const { source } = node
    if (!isNode(source) || typeof source.value !== 'string') return []
    const ours = source.value.startsWith('.')
    const target = ours ? join(dirname(from), source.value) : source.value
    return [{ from, target, ours, typeOnly: isTypeOnly(node), lazy: node.type === 'ImportExpression' }]
  })
}

/** All that is loaded at once with these files. */
function closureOf(files: readonly string[], seen = new Set<string>()): Set<string> {
  for (const file of files) {
    if (seen.has(file)) continue
    seen.add(file)
    const next = imports.filter(({ from, typeOnly, lazy }) => from === file && !typeOnly && !lazy)
    closureOf(
      next.map(({ target }) => target),
      seen,
    )
  }
  return seen
}

function isTypeOnly({ type, importKind, exportKind }: Node): boolean {
  return importKind === 'type' || exportKind === 'type' || type === 'TSImportType'
}

function isAgainstTheRooms({ from, target, ours }: Import): boolean {
  const [here, there] = [roomOf(from), roomOf(target)]
  if (!ours || here === there || there === '..') return false
  if (there.endsWith('.ts') && !doors.includes(there)) return false
  const allowed = rooms[here] ?? []
  const isLowerRoom = !there.endsWith('.ts') && there !== 'cli'
  return !allowed.includes(there) && !(allowed.includes('*') && isLowerRoom)
}

/** The folder below src, or the name of a file at its top. */
function roomOf(path: string): string {
  return path.split('/')[0] ?? path
}

function isPackage(name: string, { target, ours }: Import): boolean {
  return !ours && (target === name || target.startsWith(`${name}/`))
}

function told({ from, target, typeOnly }: Import): string {
  return `${from} -> ${target}${typeOnly ? ' (type)' : ''}`
}
