import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isNode, type Node, nodesOf, placeOf, root, type SourceFile, typescriptUnder } from './tree.ts'

const source = typescriptUnder('src')
/** The one reader of the environment, and the entry that hands it on. */
const environmentFiles = ['src/config.ts', 'src/bin.ts']
const everything = [...source, ...typescriptUnder('test'), ...typescriptUnder('bench')]

describe('types', () => {
  it('nothing is any', () => {
    expect(everything.flatMap((file) => places(file, ({ type }) => type === 'TSAnyKeyword'))).toEqual([])
  })

  it('nothing under src is said to be there by an exclamation mark', () => {
    expect(source.flatMap((file) => places(file, ({ type }) => type === 'TSNonNullExpression'))).toEqual([])
  })

  it('casts under src are rare, at most 2 in 1,000 lines', () => {
    const lines = source.reduce((sum, file) => sum + file.lines, 0)
    const casts = source.flatMap((file) => places(file, isCast))
    expect(casts.slice(Math.ceil((lines / 1000) * 2))).toEqual([])
  })

  it('each cast has its reason in a comment beside it', () => {
    const bare = source.flatMap((file) => places(file, (node) => isCast(node) && !hasReason(file, node)))
    expect(bare).toEqual([])
  })
})

describe('the scanner sees', () => {
  const seen = (text: string, wanted: (node: Node) => boolean) =>
    places({ path: 'a.ts', text, lines: 1 }, wanted)

  it('a cast, but not a constant', () => {
    expect(seen('\nlet a = b as C', isCast)).toEqual(['a.ts:2'])
    expect(seen('let a = <C>b', isCast)).toEqual(['a.ts:1'])
    expect(seen('let a = [1] as const, c = d satisfies E', isCast)).toEqual([])
  })

  it('the environment, however it is read', () => {
    expect(seen('process.env.A', isEnvironment)).toEqual(['a.ts:1'])
    expect(seen('const { A } = process.env', isEnvironment)).toEqual(['a.ts:1'])
    expect(seen('config.env.A', isEnvironment)).toEqual([])
  })
})

describe('borders', () => {
  it('only the command line prints', () => {
    const quiet = source.filter(({ path }) => !path.startsWith('src/cli/') && path !== 'src/bin.ts')
    expect(quiet.flatMap((file) => places(file, (node) => isIdentifier(node, 'console')))).toEqual([])
  })

  it('only the settings and the command line read the environment', () => {
    const blind = source.filter(
      ({ path }) => !path.startsWith('src/cli/') && !environmentFiles.includes(path),
    )
    expect(blind.flatMap((file) => places(file, isEnvironment))).toEqual([])
  })

  it('there are no default exports', () => {
    expect(source.flatMap((file) => places(file, ({ type }) => type === 'ExportDefaultDeclaration'))).toEqual(
      [],
    )
  })
})

describe('words in tracked files', () => {
  // Spelt with a class each, so that this file does not find itself.
  it.each([
    ['paths of one machine', /\/(w[o]rk|f[a]rm)\/[a-z.]/],
    ['registry hosts', /registry\.[a-z]+j[s]|deb\.[a-z]+\.o[r]g/],
    ['talk about how it came about', /\b(this|last|next|my) s[e]ssion\b|\bas an A[I]\b/i],
    ['unfinished work', /\b(T[O]DO|F[I]XME|H[A]CK)\b|not (yet )?i[m]plemented/],
    [
      'switched off checks',
      /@ts-(i[g]nore|e[x]pect-error|n[o]check)|(o[x]lint|e[s]lint|b[i]ome)-(disable|ignore)/,
    ],
    ['switched off tests', /\b(it|test|describe)\.(s[k]ip|o[n]ly|t[o]do)\(/],
    ['live tokens of Plaid', /\baccess-p[r]oduction-[0-9a-f]{8}-[0-9a-f]{4}/],
  ])('%s: none', (_what, pattern) => {
    expect(trackedLines().filter((line) => pattern.test(line))).toEqual([])
  })
})

function places(file: SourceFile, wanted: (node: Node) => boolean): string[] {
  return nodesOf(file)
    .filter(wanted)
    .map((node) => placeOf(file, node))
}

function isCast({ type, typeAnnotation }: Node): boolean {
  if (type === 'TSTypeAssertion') return true
  return type === 'TSAsExpression' && !isConst(typeAnnotation)
}

function isConst(annotation: unknown): boolean {
  return isNode(annotation) && isNode(annotation.typeName) && annotation.typeName.name === 'const'
}

/** A comment on the line itself or on one of the three above. */
function hasReason({ text }: SourceFile, { start }: Node): boolean {
  const end = text.indexOf('\n', start)
  const near = text
    .slice(0, end === -1 ? undefined : end)
    .split('\n')
    .slice(-4)
  return near.some((line) => /\/\/|\*\//.test(line))
}

function isIdentifier({ type, name }: Node, wanted: string): boolean {
  return type === 'Identifier' && name === wanted
}

function isEnvironment({ type, object, property }: Node): boolean {
  if (type !== 'MemberExpression' || !isNode(object) || !isNode(property)) return false
  return isIdentifier(object, 'process') && isIdentifier(property, 'env')
}

/** `path:line text` of every tracked text file but the lock file. */
function trackedLines(): string[] {
  const paths = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0')
  return paths.filter((path) => path !== '' && path !== 'package-lock.json').flatMap(linesOfFile)
}

function linesOfFile(path: string): string[] {
  const text = readFileSync(join(root, path), 'utf8')
  return text.split('\n').map((line, index) => `${path}:${index + 1} ${line.trim()}`)
}
