import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'
import { expect, onTestFinished } from 'vitest'
import { script } from '../support/coffer.ts'

const program = '/usr/bin/script'

/** Null where there is a program that gives a terminal to another one; else why the tests are left out. */
export const noTerminal =
  process.platform === 'linux' && existsSync(program) ? null : `no ${program} of util-linux on this machine`

export interface Terminal {
  /** All that stood on the screen so far, without colours and cursor moves. */
  readonly screen: () => string
  type(keys: string): void
  readonly ended: Promise<number | null>
}

export const keys = { enter: '\r', down: '\u001b[B', right: '\u001b[C', interrupt: '\u0003', clear: '\u0015' }

/** The questions of `setup` about what is set, up to the file that it writes, with what is offered taken. */
export const defaultsKept: readonly (readonly [asked: string, keys: string])[] = [
  'Which one?',
  'Plaid keys',
  'What do you agree to use',
  'How is a broken login to be known?',
  'Is Coffer to keep',
  'Write this?',
].map((asked) => [asked, keys.enter])

/** Runs a command of the built program at a terminal of its own. */
export function atTerminal(args: readonly string[], env: Record<string, string>): Terminal {
  const command = [process.execPath, script, ...args].map((word) => `'${word}'`).join(' ')
  const sized = `stty columns 120 rows 40; exec ${command}`
  // Some libraries draw no prompt where CI is set or the terminal has no name.
  const child = spawn(program, ['--quiet', '--flush', '--return', '--command', sized, '/dev/null'], {
    env: { ...env, TERM: 'xterm', CI: '' },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  return {
    screen: () => stripVTControlCharacters(text),
    type: (typed) => void child.stdin.write(typed),
    ended,
  }
}

/** Answers each question when it stands there, after the one before it. */
export async function answer(
  terminal: Terminal,
  answers: readonly (readonly [question: string, typed: string])[],
) {
  let after = 0
  for (const [question, typed] of answers) {
    const unanswered = ['◆', '▲'].map((mark) => `${mark}  ${question}`)
    const place = () => Math.max(...unanswered.map((text) => terminal.screen().indexOf(text, after)))
    await expect.poll(place, { timeout: 15_000, message: question }).toBeGreaterThan(-1)
    after = place() + question.length
    terminal.type(typed)
  }
}
