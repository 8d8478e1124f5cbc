import { execFileSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
let project: string

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'coffer-build-'))
  cpSync(join(root, 'scripts'), join(project, 'scripts'), { recursive: true })
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }')
  symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'), 'dir')
  mkdirSync(join(project, 'src'))
  source(
    'bin.ts',
    "#!/usr/bin/env node\nconst { late } = await import('./late.ts')\nprocess.stdout.write(late)\n",
  )
})

afterAll(() => rmSync(project, { recursive: true, force: true }))

describe('build.mjs', () => {
  it('makes an entry that runs by itself, and chunks that it loads later', () => {
    source('late.ts', "export const late = 'one'")
    build()
    const [bin, late, ...more] = files()
    expect([bin, more]).toEqual(['bin.js', []])
    expect(late).toMatch(/^late-[A-Z0-9]+\.js$/)
    expect(textOf('bin.js').startsWith('#!/usr/bin/env node\n')).toBe(true)
    expect(statSync(join(project, 'dist', 'bin.js')).mode & 0o111).toBe(0o111)
    expect(execFileSync(join(project, 'dist', 'bin.js'), { encoding: 'utf8' })).toBe('one')
  })

  it('keeps the chunks that a running copy may still load, for an hour', () => {
    const before = files()
    source('late.ts', "export const late = 'two'")
    build()
    expect(files()).toEqual(expect.arrayContaining(before))
    expect(files()).toHaveLength(3)

    for (const name of files()) utimesSync(join(project, 'dist', name), 0, 0)
    build()
    expect(files()).toHaveLength(2)
  })

  it('keeps nothing of earlier builds in what is packed', () => {
    source('late.ts', "export const late = 'three'")
    build('--clean')
    expect(files()).toHaveLength(2)
  })

  it('bundles CommonJS that asks for modules of Node', () => {
    source('late.ts', "import spawn from 'cross-spawn'\nexport const late = typeof spawn.sync")
    build()
    expect(execFileSync(join(project, 'dist', 'bin.js'), { encoding: 'utf8' })).toBe('function')
  })

  it('leaves native modules and Plaid to node_modules', () => {
    source('late.ts', "export const late = typeof (await import('better-sqlite3')).default")
    build('--clean')
    expect(files().map(textOf).join('\n')).toContain('import("better-sqlite3")')
    expect(execFileSync(join(project, 'dist', 'bin.js'), { encoding: 'utf8' })).toBe('function')
  })

  it('makes the list of tools, so that no start has to', () => {
    mkdirSync(join(project, 'src', 'tools'))
    source('tools/listed.ts', 'export const listedTools = [{ name: String(process.pid) }]')
    source(
      'late.ts',
      "import { listedTools } from './tools/listed.ts'\nexport const late = listedTools[0]!.name",
    )
    build()
    const started = () => execFileSync(join(project, 'dist', 'bin.js'), { encoding: 'utf8' })
    expect(started()).toMatch(/^\d+$/)
    expect(started()).toBe(started())
  })

  it('reports what each entry loads at once', () => {
    source('late.ts', "import { z } from 'zod'\nexport const late = String(z.string().parse('x'))")
    const report = build('--report')
    expect(report).toMatch(/kB {2}src\/late\.ts, 1 files\n( .* kB {2}(zod|ours)\n){2}/)
    expect(report).toMatch(/kB {2}src\/bin\.ts, 1 files\n .* kB {2}ours/)
  })
})

function source(name: string, text: string): void {
  writeFileSync(join(project, 'src', name), text)
}

function build(...args: string[]): string {
  return execFileSync(process.execPath, [join(project, 'scripts', 'build.mjs'), ...args], {
    encoding: 'utf8',
  })
}

function files(): string[] {
  return readdirSync(join(project, 'dist')).toSorted()
}

function textOf(name: string): string {
  return readFileSync(join(project, 'dist', name), 'utf8')
}
