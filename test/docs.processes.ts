import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { settings } from '../src/settings.ts'

const root = join(import.meta.dirname, '..')
const documents = [
  'README.md',
  'CHANGELOG.md',
  'SECURITY.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name.replaceAll('\\', '/')}`),
]
const readme = textOf('README.md')

describe('generated documents', () => {
  it('are what the sources make of them', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/docs.mjs', '--check'], {
      cwd: root,
      encoding: 'utf8',
    })
    expect(stderr).toBe('')
    expect(status).toBe(0)
  })
})

describe('links', () => {
  it.each(documents)('of %s lead somewhere', (path) => {
    const links = [...textOf(path).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link)
    const here = links.filter((link) => !link.startsWith('https://'))
    expect(here.filter((link) => !leads(path, link))).toEqual([])
  })
})

describe('what documents may not have in them', () => {
  it.each(documents)('%s has no path of somebody, and no token', (path) => {
    expect(
      textOf(path).match(/\/work\/|\/tmp\/tmp|(?:access|public|link)-(?:sandbox|production)-\S+/),
    ).toBeNull()
  })
})

describe('the commands that README shows', () => {
  const commands = shownCommands(readme)

  it('are found', () => {
    const names = ['demo', 'install', 'connect', 'tokens analytics', 'call', 'doctor']
    expect(commands.map(({ name }) => name)).toEqual(expect.arrayContaining(names))
  })

  it.each(commands)('$name', ({ name, flags }) => {
    const help = helpOf(name)
    expect(help).toContain(`Usage: coffer-mcp ${name}`)
    expect(flags.filter((flag) => !new RegExp(`${flag}\\b`).test(help))).toEqual([])
  })

  it('are all that there are', () => {
    const known = [...helpOf('').matchAll(/^ {2}([a-z]+)(?: \[| {2,})/gm)].map(([, name]) => name)
    expect(known.length).toBeGreaterThan(8)
    expect(known.filter((name) => !commands.some((command) => command.name.split(' ')[0] === name))).toEqual(
      [],
    )
  })

  it('by npm are scripts of the package', () => {
    const { scripts } = manifest()
    const shown = [...readme.matchAll(/npm (?:run )?(test|(?<=run )[\w:]+)/g)].map(([, name = '']) => name)
    expect(shown).toEqual(expect.arrayContaining(['test', 'demo', 'pack:mcpb', 'pack:plugin']))
    expect(shown.filter((name) => !(name in scripts))).toEqual([])
    // A clone is fresh for whoever only wants what is packed.
    const users = shown.filter((name) => name === 'demo' || name.startsWith('pack:'))
    expect(users.filter((name) => !scripts[`pre${name}`]?.startsWith('node scripts/install.mjs'))).toEqual([])
  })
})

describe('the configuration that README shows', () => {
  const server = z.strictObject({
    command: z.string(),
    args: z.array(z.string()),
    env: z.record(z.string(), z.string()),
  })
  const block = /```json\n(.*?)```/s.exec(readme)?.[1] ?? ''
  const { coffer } = z
    .strictObject({ mcpServers: z.strictObject({ coffer: server }) })
    .parse(JSON.parse(block)).mcpServers

  it('starts the bin of the package with an absolute path', () => {
    expect(coffer.args).toHaveLength(1)
    expect(coffer.args[0]).toMatch(/^\//)
    expect(coffer.args[0]?.endsWith(`/${manifest().bin['coffer-mcp']}`)).toBe(true)
  })

  it('sets nothing that is no setting, with values that fit', () => {
    const wrong = Object.entries(coffer.env).filter(([name, value]) => {
      const setting = Object.values(settings).find(({ variable }) => variable === name)
      return setting?.schema.safeParse(value).success !== true
    })
    expect(wrong).toEqual([])
  })
})

describe('the variables that documents name', () => {
  it.each(documents.filter((path) => !path.includes('errors')))('%s', (path) => {
    const known: string[] = Object.values(settings).map(({ variable }) => variable)
    const named = textOf(path).match(/\b(?:COFFER|TOKEN)_[A-Z_]+\b/g) ?? []
    expect(named.filter((name) => !known.includes(name))).toEqual([])
  })
})

function textOf(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

function manifest() {
  const names = z.record(z.string(), z.string())
  return z.object({ bin: names, scripts: names }).parse(JSON.parse(textOf('package.json')))
}

/** A file, and in it the heading that stands behind `#`. */
function leads(from: string, link: string): boolean {
  const [file = '', anchor] = link.split('#')
  const path = file === '' ? from : join(dirname(from), file)
  if (!existsSync(join(root, path))) return false
  return anchor === undefined || anchorsOf(textOf(path)).includes(anchor)
}

function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  )
}

/** Every command in the text once, with all flags that are shown with it. `tokens` alone has commands of its own. */
function shownCommands(text: string) {
  const flagsOf = new Map<string, string[]>()
  const shown = text.matchAll(/(?:coffer-mcp|node dist\/bin\.js) ([a-z][^`#\n|"]*)(?=(.*))/g)
  for (const [, command = '', rest = ''] of shown) {
    const [first = '', second = ''] = command.trim().split(' ')
    const name = first === 'tokens' ? `${first} ${second}` : first
    // What stands behind a command in its row of a table is about it too.
    const row = rest.startsWith('`') ? rest : ''
    const flags = (command + row).match(/--[a-z][a-z-]*/g) ?? []
    flagsOf.set(name, [...(flagsOf.get(name) ?? []), ...flags])
  }
  return [...flagsOf].map(([name, flags]) => ({ name, flags }))
}

function helpOf(command: string): string {
  const args = ['src/bin.ts', ...command.split(' ').filter(Boolean), '--help']
  return execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
}
