import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'

const files = join(import.meta.dirname, '../docs/service')
const unit = readFileSync(join(files, 'coffer-mcp.service'), 'utf8')
const plist = readFileSync(join(files, 'com.coffer-mcp.listen.plist'), 'utf8')

describe('the unit for systemd', () => {
  const settings = new Map(
    unit
      .split('\n')
      .filter((line) => /^\w+=/.test(line))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  )

  it('runs listen, and again after a failure that may pass', () => {
    expect(settings.get('ExecStart')).toMatch(/^\/\S+\/coffer-mcp listen$/)
    expect(settings.get('Restart')).toBe('on-failure')
    expect(settings.get('RestartPreventExitStatus')).toBe('78')
    expect(settings.get('EnvironmentFile')).toBe('%h/.config/coffer-mcp/env')
  })

  it('may write to the data directory alone, and may make machine code, which Node needs', () => {
    expect(settings.get('ProtectSystem')).toBe('strict')
    expect(settings.get('ProtectHome')).toBe('read-only')
    expect(settings.get('Environment')).toBe(`COFFER_HOME=${settings.get('ReadWritePaths')}`)
    expect([settings.get('NoNewPrivileges'), settings.get('PrivateTmp')]).toEqual(['yes', 'yes'])
    expect(settings.has('MemoryDenyWriteExecute')).toBe(false)
  })

  const analyze = ['verify', '--man=no']
  it.skipIf(spawnSync('systemd-analyze', ['--version']).status !== 0)('is understood by systemd', () => {
    const directory = mkdtempSync(join(tmpdir(), 'coffer-test-'))
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
    // It asks for the program to be there.
    const path = join(directory, 'coffer-mcp.service')
    writeFileSync(path, unit.replace('/usr/local/bin/coffer-mcp', '/bin/true'))
    const { status, stderr } = spawnSync('systemd-analyze', [...analyze, path], { encoding: 'utf8' })
    expect({ status, stderr: stderr.split('\n').filter((line) => line.includes(path)) }).toEqual({
      status: 0,
      stderr: [],
    })
  })
})

describe('the agent for launchd', () => {
  const dict = valueOf(parse(plist))

  it('is a property list with its own name as label', () => {
    expect(dict).toMatchObject({ Label: 'com.coffer-mcp.listen', RunAtLoad: true })
  })

  it('runs listen, and again after it failed', () => {
    expect(dict).toMatchObject({ KeepAlive: { SuccessfulExit: false }, ExitTimeOut: 5, Umask: 0o077 })
    const [shell, flag, script = '', ...args] = dict.ProgramArguments as string[]
    expect([shell, flag]).toEqual(['/bin/sh', '-c'])
    const directory = mkdtempSync(join(tmpdir(), 'coffer-test-'))
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
    const env = join(directory, 'env')
    writeFileSync(env, "export PLAID_CLIENT_ID='made up'\n")
    const program = ['-c', script, args[0] ?? '', env, '/bin/sh', join(directory, 'bin.sh')]
    writeFileSync(join(directory, 'bin.sh'), 'echo "$PLAID_CLIENT_ID, $*"')
    expect(spawnSync('/bin/sh', program, { encoding: 'utf8' }).stdout).toBe('made up, listen\n')
    expect(args).toHaveLength(4)
    expect(args[3]).toMatch(/dist\/bin\.js$/)
  })

  it('has no secret in it', () => {
    expect(Object.keys(dict.EnvironmentVariables as object)).toEqual(['COFFER_HOME'])
  })
})

interface Element {
  readonly name: string
  readonly children: Element[]
  text: string
}

/** As much of XML as a property list needs; throws where tags do not match. */
function parse(text: string): Element {
  const root: Element = { name: '', children: [], text: '' }
  const open = [root]
  const body = text.replaceAll(/<!--[^]*?-->|<\?[^]*?\?>|<!DOCTYPE[^>]*>/g, '')
  for (const [, closes, name = '', empty, words = ''] of body.matchAll(/<(\/?)(\w+)[^>]*?(\/?)>|([^<]+)/g)) {
    const top = open.at(-1) ?? root
    if (name === '') top.text += words
    else if (closes === '/') {
      if (open.pop()?.name !== name) throw new Error(`</${name}> closes nothing`)
    } else {
      const element = { name, children: [], text: '' }
      top.children.push(element)
      if (empty !== '/') open.push(element)
    }
  }
  const [plistElement] = root.children
  if (open.length !== 1 || plistElement?.name !== 'plist') throw new Error('not one plist')
  return plistElement
}

type Dict = Record<string, unknown>

function valueOf({ children: [dict] }: Element): Dict {
  const value = dict === undefined ? null : read(dict)
  if (typeof value !== 'object' || value === null) throw new Error('no dict')
  return { ...value }
}

function read({ name, children, text }: Element): unknown {
  switch (name) {
    case 'dict':
      return Object.fromEntries(
        Array.from({ length: children.length / 2 }, (_, at) => {
          const [key, value] = [children[at * 2], children[at * 2 + 1]]
          if (key?.name !== 'key' || value === undefined) throw new Error('a key has no value')
          return [key.text, read(value)]
        }),
      )
    case 'array':
      return children.map(read)
    case 'string':
      return text.replaceAll('&amp;', '&')
    case 'integer':
      return Number(text)
    case 'true':
    case 'false':
      return name === 'true'
    default:
      throw new Error(`<${name}> is nothing a property list has`)
  }
}
