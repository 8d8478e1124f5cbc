import { confirm, isCancel, log, multiselect, note, password, select, spinner, text } from '@clack/prompts'
import { CofferError } from '../../errors.ts'

export interface Choice<T extends string> {
  readonly value: T
  readonly label: string
  readonly hint?: string
}

/** How a person at a terminal is asked. Everything throws NOT_CONFIRMED when the person stops by Ctrl-C or Esc. */
export interface Dialogue {
  choose<const T extends string>(message: string, choices: readonly Choice<T>[], initial: T): Promise<T>
  /** At least one. */
  chooseSome<const T extends string>(
    message: string,
    choices: readonly Choice<T>[],
    initial: readonly T[],
  ): Promise<readonly T[]>
  /** `problemOf`: what is wrong with the text, or undefined. */
  text(message: string, initial: string, problemOf: (text: string) => string | undefined): Promise<string>
  /** Shows dots for what is typed. */
  hidden(message: string): Promise<string>
  yes(message: string, initial: boolean): Promise<boolean>
  say(text: string): void
  warn(text: string): void
  box(title: string, lines: readonly string[]): void
  /** With something that turns until the work is done, or the person waits no longer for it. */
  during<T>(message: string, work: () => Promise<T>): Promise<T>
}

export const terminal: Dialogue = {
  async choose(message, choices, initial) {
    const chosen = answered(await select<string>({ message, options: [...choices], initialValue: initial }))
    return choices.find(({ value }) => value === chosen)?.value ?? initial
  },
  async chooseSome(message, choices, initial) {
    const asked = { message, options: [...choices], initialValues: initial, required: true }
    const chosen = answered(await multiselect<string>(asked))
    return choices.map(({ value }) => value).filter((value) => chosen.includes(value))
  },
  text: async (message, initial, problemOf) =>
    answered(
      await text({ message, initialValue: initial, validate: (typed) => problemOf((typed ?? '').trim()) }),
    ).trim(),
  hidden: async (message) =>
    answered(
      await password({
        message,
        validate: (typed) => ((typed ?? '').trim() === '' ? 'It is empty.' : undefined),
      }),
    ).trim(),
  yes: async (message, initial) => answered(await confirm({ message, initialValue: initial })),
  say: (words) => log.message(words),
  warn: (words) => log.warn(words),
  box: (title, lines) => note(lines.join('\n'), title, { format: (line) => line }),
  async during(message, work) {
    const left = Promise.withResolvers<never>()
    const leave = () => left.reject(stopped())
    process.once('SIGINT', leave)
    const wheel = spinner()
    wheel.start(message)
    // In raw mode the library ends the process on Ctrl-C by itself, and with 0.
    process.stdin.setRawMode(false)
    try {
      return await Promise.race([work(), left.promise])
    } finally {
      process.off('SIGINT', leave)
      wheel.clear()
    }
  },
}

function answered<T>(answer: T): Exclude<T, symbol> {
  if (isCancel(answer)) throw stopped()
  // What is left is no symbol; the check of the library says that for its own one alone.
  return answer as Exclude<T, symbol>
}

function stopped(): CofferError {
  return new CofferError('NOT_CONFIRMED', 'You stopped before the end.', {
    fix: 'Nothing was changed; run coffer-mcp setup again when you like.',
  })
}
