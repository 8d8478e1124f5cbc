import { inspect } from 'node:util'

/** A value that does not print: not in a template, not in JSON, not in a log, not in an inspection. */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  /** The value itself. Only `src/plaid`, `src/vault` and `src/webhook` call this, and `src/tools` and `server.ts` for a link that a person is to open. */
  open(): string {
    return this.#value
  }

  toString(): string {
    return '[secret]'
  }

  toJSON(): string {
    return '[secret]'
  }

  [inspect.custom](): string {
    return '[secret]'
  }
}
