import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parseAst } from 'vitest/node'

export const root = join(import.meta.dirname, '../..')

export interface SourceFile {
  /** From the repository's root, with forward slashes. */
  readonly path: string
  readonly text: string
  readonly lines: number
}

/** All TypeScript files under a folder of the repository. */
export function typescriptUnder(folder: string): SourceFile[] {
  const found = readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
  return found
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort()
    .map(read)
}

function read(path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8')
  return { path, text, lines: linesOf(text) }
}

export function linesOf(text: string): number {
  return text.replace(/\n$/, '').split('\n').length
}

export interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [field: string]: unknown
}

/** Every node of the file, outermost first. */
export function nodesOf({ text }: SourceFile): Node[] {
  return nodesUnder(parseAst(text, { lang: 'ts' }))
}

export function nodesUnder(value: unknown): Node[] {
  if (typeof value !== 'object' || value === null) return []
  const below = Object.values(value).flatMap(nodesUnder)
  return isNode(value) ? [value, ...below] : below
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
}

/** `path:line`, as editors open it. */
export function placeOf({ path, text }: SourceFile, { start }: Node): string {
  return `${path}:${linesOf(text.slice(0, start) || ' ')}`
}

/** The value that a share of the values does not exceed: 0.5 for the median. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.ceil(sorted.length * share) - 1] ?? 0
}
