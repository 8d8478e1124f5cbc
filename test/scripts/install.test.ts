import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

// The script runs for real, in a project of its own, with an npm that only writes down what it is asked.
const source = join(import.meta.dirname, '../../scripts/install.mjs')
const lock = {
  packages: {
    '': {},
    'node_modules/a': { version: '1.2.3' },
    'node_modules/b': { version: '1.0.0', optional: true },
  },
}
let project: string

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'coffer-install-script-'))
  mkdirSync(join(project, 'scripts'))
  cpSync(source, join(project, 'scripts', 'install.mjs'))
  writeFileSync(join(project, 'package-lock.json'), JSON.stringify(lock))
})

afterEach(() => rmSync(project, { recursive: true, force: true }))

describe.skipIf(process.platform === 'win32')('install.mjs', () => {
  it('installs into an empty clone, then fetches Node', () => {
    const { status, stdout, asked } = run()
    expect([status, asked]).toEqual([
      0,
      ['ci --ignore-scripts --include=dev --loglevel=error', 'rebuild node'],
    ])
    expect(stdout).toMatch(/^Installing what is missing \.\.\. done in \d+ s\.\n$/)
  })

  it('does nothing, and says nothing, when all is there', () => {
    installed('1.2.3')
    withNode('v24.1.0')
    expect(run()).toEqual({ status: 0, stdout: '', stderr: '', asked: [] })
  })

  it('installs anew when the lock file asks for another version', () => {
    installed('1.2.2')
    withNode('v24.1.0')
    expect(run().asked).toHaveLength(2)
  })

  it.each(['v20.20.2', 'v22.19.0', 'nothing'])('fetches Node alone when the one there says %s', (version) => {
    installed('1.2.3')
    withNode(version)
    expect(run().asked).toEqual(['rebuild node'])
  })

  it.each(['v22.20.0', 'v22.21.1', 'v26.0.0'])('is content with Node %s', (version) => {
    installed('1.2.3')
    withNode(version)
    expect(run().asked).toEqual([])
  })

  it('installs the programs of others where they are asked for, and once', () => {
    const thirdParty = join(project, 'third-party')
    mkdirSync(thirdParty)
    writeFileSync(join(thirdParty, 'package-lock.json'), JSON.stringify(lock))
    installed('1.2.3')
    withNode('v24.1.0')
    const inThirdParty = `ci --ignore-scripts --loglevel=error --prefix ${realpathSync(thirdParty)}`
    expect(run().asked).toEqual([])
    expect(run(bringNode, '--third-party').asked).toEqual([inThirdParty])
    installed('1.2.3', thirdParty)
    expect(run(bringNode, '--third-party').stdout).toBe('')
  })

  it('ends with what npm said when that fails', () => {
    const { status, stderr, asked } = run('console.error("no such package"); process.exit(7)')
    expect([status, asked]).toEqual([1, ['ci --ignore-scripts --include=dev --loglevel=error']])
    expect(stderr).toBe(
      'failed.\nnpm ci --ignore-scripts --include=dev --loglevel=error failed:\nno such package\n\n',
    )
  })

  it('ends with a reason when Node is not there even then', () => {
    const { status, stderr } = run('')
    expect([status, stderr]).toEqual([
      1,
      'failed.\nThe Node that comes as a dependency does not run on this machine.\n',
    ])
  })
})

/** By default npm does bring Node along, as `npm rebuild node` does. */
const bringNode = `
  const bin = require('node:path').join(process.cwd(), 'node_modules', 'node', 'bin')
  require('node:fs').mkdirSync(bin, { recursive: true })
  require('node:fs').rmSync(bin + '/node', { force: true })
  require('node:fs').symlinkSync(process.execPath, bin + '/node')`

function run(then = bringNode, ...args: string[]) {
  const log = join(project, 'npm.log')
  const npm = join(project, 'npm.cjs')
  writeFileSync(
    npm,
    `require('node:fs').appendFileSync(${JSON.stringify(log)}, process.argv.slice(2).join(' ') + '\\n');${then}`,
  )
  const script = join(project, 'scripts', 'install.mjs')
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    encoding: 'utf8',
    env: { npm_node_execpath: process.execPath, npm_execpath: npm },
  })
  const asked = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []
  return { status, stdout, stderr, asked }
}

function installed(version: string, folder = project): void {
  mkdirSync(join(folder, 'node_modules'))
  const packages = { 'node_modules/a': { version } }
  writeFileSync(join(folder, 'node_modules', '.package-lock.json'), JSON.stringify({ packages }))
}

function withNode(version: string): void {
  const bin = join(project, 'node_modules', 'node', 'bin')
  mkdirSync(bin, { recursive: true })
  writeFileSync(join(bin, 'node'), `#!/bin/sh\necho ${version}\n`, { mode: 0o755 })
}
