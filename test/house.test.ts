import { dirname, join } from 'node:path/posix'
import { describe, expect, it } from 'vitest'
import { isNode, type Node, nodesOf, type SourceFile, typescriptUnder } from './house/tree.ts'

/** Which rooms each room may import; lowest first, so that nothing goes round in a circle. */
const above = ['sync', 'connections', 'approval', 'jobs', 'snapshot', 'store']
const rooms: Record<string, readonly string[]> = {
  simulator: [],
  snapshot: [],
  store: [],
  vault: [],
  plaid: [],
  connections: ['plaid', 'store', 'vault'],
  approval: ['store'],
  sync: ['connections', 'plaid', 'store', 'snapshot'],
  webhook: ['plaid', 'store', 'connections'],
  jobs: ['sync', 'connections', 'store'],
  tools: above,
  resources: above,
  prompts: above,
  pages: above,
  'server.ts': ['tools', 'resources', 'prompts'],
  'app.ts': ['*', 'server.ts'],
  cli: ['simulator', 'tools', 'server.ts', 'app.ts'],
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
  hono: /^(simulator|webhook|pages)\//,
  '@hono/node-server': /^(simulator|webhook|pages)\//,
  pino: /^log\.ts$/,
  commander: /^cli\//,
  '@clack/prompts': /^cli\//,
  'cli-table3': /^cli\//,
  'node:child_process': /^(simulator|cli)\//,
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
    const late = ['plaid', 'better-sqlite3', '@napi-rs/keyring']
    const early = imports.filter(({ typeOnly, lazy, target }) => !typeOnly && !lazy && late.includes(target))
    expect(early.map(told)).toEqual([])
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
