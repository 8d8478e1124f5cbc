import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { logFilesAt, openLogFile } from '../src/log-file.ts'

let home: string
let path: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'coffer-test-'))
  path = join(home, 'coffer.log')
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

/** Ten bytes with its end. */
const line = (number: number) => `${String(number).padStart(9, '0')}\n`

function write(file: { write(line: string): void }, from: number, to: number): void {
  for (let number = from; number < to; number++) file.write(line(number))
}

const numbersIn = (name: string) => readFileSync(join(home, name), 'utf8').trim().split('\n').map(Number)

describe('a log file that is full', () => {
  it('is turned over: no file is larger, five are kept, each for its owner alone', () => {
    write(openLogFile(path, 30), 0, 20)
    expect(readdirSync(home).toSorted()).toEqual([
      'coffer.log',
      'coffer.log.1',
      'coffer.log.2',
      'coffer.log.3',
      'coffer.log.4',
    ])
    expect(numbersIn('coffer.log')).toEqual([18, 19])
    expect(numbersIn('coffer.log.1')).toEqual([15, 16, 17])
    expect(numbersIn('coffer.log.4')).toEqual([6, 7, 8])
    for (const name of readdirSync(home)) expect(statSync(join(home, name)).mode & 0o777).toBe(0o600)
    for (const name of readdirSync(home)) expect(logFilesAt(path)).toContain(join(home, name))
  })

  it('is turned over once by two who write to it', () => {
    const [one, other] = [openLogFile(path, 30), openLogFile(path, 30)]
    write(one, 0, 4)
    write(other, 4, 6)
    expect(numbersIn('coffer.log.1')).toEqual([0, 1, 2])
    expect(numbersIn('coffer.log')).toEqual([3, 4, 5])
    expect(existsSync(`${path}.2`)).toBe(false)
  })

  it('takes a line that is longer than a file by itself', () => {
    const file = openLogFile(path, 30)
    file.write(`${'x'.repeat(50)}\n`)
    write(file, 0, 1)
    expect(numbersIn('coffer.log')).toEqual([0])
  })

  it('waits for whoever turns it over, and for nobody who has ended', () => {
    const file = openLogFile(path, 30)
    write(file, 0, 3)
    writeFileSync(`${path}.lock`, '')
    write(file, 3, 9)
    expect(numbersIn('coffer.log')).toEqual([0, 1, 2, 3, 4, 5])
    const before = new Date(Date.now() - 60_000)
    utimesSync(`${path}.lock`, before, before)
    write(file, 9, 10)
    expect(numbersIn('coffer.log')).toEqual([9])
    expect(existsSync(`${path}.lock`)).toBe(false)
  })

  it('is turned over where it really lies', () => {
    const link = join(home, 'link.log')
    symlinkSync(path, link)
    write(openLogFile(link, 30), 0, 4)
    expect(numbersIn('link.log')).toEqual([3])
    expect(numbersIn('coffer.log.1')).toEqual([0, 1, 2])
  })
})

describe('a log file', () => {
  it('that others could read is closed to them', () => {
    writeFileSync(path, '')
    chmodSync(path, 0o644)
    openLogFile(path)
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it('that was moved away is written on, and found again when it is full', () => {
    const file = openLogFile(path, 30)
    write(file, 0, 1)
    renameSync(path, `${path}.mine`)
    write(file, 1, 4)
    expect(numbersIn('coffer.log.mine')).toEqual([0, 1, 2])
    expect(numbersIn('coffer.log')).toEqual([3])
  })

  it.skipIf(!existsSync('/dev/full'))('on a full disk loses its lines, and nothing else', () => {
    expect(() => write(openLogFile('/dev/full'), 0, 3)).not.toThrow()
  })

  it('that cannot be opened is refused', () => {
    expect(() => openLogFile(join(home, 'no', 'such', 'place'))).toThrow('ENOENT')
  })
})
