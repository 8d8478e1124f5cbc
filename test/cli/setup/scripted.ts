import type { Dialogue } from '../../../src/cli/setup/dialogue.ts'

/** A person who answers in turn, each question by its beginning; whatever is asked otherwise breaks the test. */
export function scripted(...answers: readonly (readonly [question: string, answer: unknown])[]) {
  const left = [...answers]
  const told: string[] = []

  async function answer<T>(message: string): Promise<T> {
    const [question, given] = left.shift() ?? ['nothing', null]
    if (!message.startsWith(question)) throw new Error(`asked "${message}" in the place of "${question}"`)
    // The script of a test says what the question at that place takes.
    return given as T
  }

  const dialogue: Dialogue = {
    choose: (message) => answer(message),
    chooseSome: (message) => answer(message),
    async text(message, _initial, problemOf) {
      const typed = await answer<string>(message)
      const problem = problemOf(typed)
      if (problem === undefined) return typed
      told.push(problem)
      return await dialogue.text(message, typed, problemOf)
    },
    hidden: (message) => answer(message),
    yes: (message) => answer(message),
    say: (text) => void told.push(text),
    warn: (text) => void told.push(text),
    box: (_title, lines) => void told.push(...lines),
    during: (_message, work) => work(),
  }
  return { dialogue, told: () => told.join('\n'), isOver: () => left.length === 0 }
}
