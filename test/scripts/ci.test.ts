import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

// The script runs for real in an empty project; npm, dpkg and apt-get are programs that only say what they were asked.
let project: string

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'coffer-ci-'))
  mkdirSync(join(project, '.ci'))
  cpSync(join(import.meta.dirname, '../../.ci/run'), join(project, '.ci', 'run'))
  writeFileSync(join(project, 'package.json'), '{ "scripts": { "test:slow": "" } }')
  program(
    'npm',
    'echo "npm $*"; [ "$1" != test ] || printf " Test Files  2 passed (2)\\n      Tests  5 passed (5)\\n"',
  )
  program('dpkg', 'exit 0')
})

afterEach(() => rmSync(project, { recursive: true, force: true }))

describe.skipIf(process.platform === 'win32')('.ci/run', () => {
  it('tests, checks, runs further suites and measures, and sums up', () => {
    const { status, lines } = run()
    expect(status).toBe(0)
    expect(lines.filter((line) => line.startsWith('npm '))).toEqual([
      'npm test',
      'npm run check',
      'npm run test:slow',
      'npm run bench',
    ])
    expect(summaryOf(lines)).toEqual([
      'passed   npm test',
      ' Test Files  2 passed (2)',
      '      Tests  5 passed (5)',
      'passed   npm run check',
      'passed   npm run test:slow',
      'passed   npm run bench (report only)',
      '5 passed, 0 failed, 0 skipped',
    ])
  })

  it.each([
    ['test', 1],
    ['check', 1],
    ['test:slow', 1],
    ['bench', 0],
  ])('when %s fails the others still run, and it ends with %d', (part, expected) => {
    program('npm', `echo "npm $*"; case " $* " in *" ${part} "*) exit 3;; esac`)
    const { status, lines } = run()
    expect(status).toBe(expected)
    expect(lines.filter((line) => line.startsWith('npm '))).toHaveLength(4)
    expect(summaryOf(lines).filter((line) => line.startsWith('FAILED'))).toHaveLength(1)
  })

  it('installs the packages that are missing', () => {
    program('dpkg', '[ "$2" = dbus ]')
    program('apt-get', `echo "$*" >> "${project}/asked"`)
    expect(run().status).toBe(0)
    expect(readFileSync(join(project, 'asked'), 'utf8').split('\n')).toEqual([
      'update -qq',
      'install -y -qq --no-install-recommends chromium gnome-keyring strace',
      '',
    ])
  })

  it('goes on without them, and says what that skips', () => {
    program('dpkg', 'exit 1')
    program('apt-get', 'echo no network; exit 100')
    const { status, lines } = run()
    expect(status).toBe(0)
    expect(lines[0]).toBe('no network')
    expect(summaryOf(lines)[0]).toBe(
      'SKIPPED  could not install chromium dbus gnome-keyring strace: tests that need a browser, a keychain or a look at the network are skipped',
    )
  })

  it('leaves nothing behind', () => {
    run()
    expect(existsSync(join(project, 'tmp'))).toBe(true)
    expect(spawnSync('ls', [join(project, 'tmp')], { encoding: 'utf8' }).stdout).toBe('')
  })
})

function program(name: string, body: string): void {
  const path = join(project, 'bin', name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `#!/bin/sh\n${body}\n`)
  chmodSync(path, 0o755)
}

function run() {
  program('sudo', 'shift; exec "$@"')
  mkdirSync(join(project, 'tmp'), { recursive: true })
  const path = [join(project, 'bin'), dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter)
  const { status, stdout } = spawnSync('bash', [join(project, '.ci', 'run')], {
    encoding: 'utf8',
    env: { PATH: path, TMPDIR: join(project, 'tmp') },
  })
  return { status, lines: stdout.split('\n') }
}

/** Without the seconds. */
function summaryOf(lines: readonly string[]): string[] {
  const start = lines.indexOf('== summary') + 1
  return lines.slice(start, -1).map((line) => line.replace(/, \d+ s$/, ''))
}
