import type { Look } from './schedule-clock.ts'
import type { Answer, Crew } from './schedulers.ts'

/** A look at the clock, and what all processes together did at it. */
export interface Seen extends Look {
  readonly begun: readonly string[]
  readonly chores: number
}

/** `at`: when it was begun, on a clock that shows an hour again once it is set back; `look`: the place of that look. */
export interface Run {
  readonly itemId: string
  readonly at: number
  readonly look: number
}

export interface Course {
  readonly looks: readonly Seen[]
  /** Those that ended. */
  readonly runs: readonly Run[]
  /** Those that were killed, by when they were begun. */
  readonly cutOff: readonly Run[]
  /** Something was begun twice, or while it was running, or failed. */
  readonly faults: readonly string[]
  /** Seen to be due, and claimed by another process first. */
  readonly lost: number
}

/** Lets the crew follow the clock, and kills so many of its processes in the middle of a run. */
export async function follow(
  crew: Crew,
  clock: Iterable<Look>,
  looks: number,
  kills: number,
): Promise<Course> {
  const book = createBook()
  for (const look of clock) {
    book.note(look, await crew.tick({ at: look.at, hold: look.kind === 'holds' }))
    const pid = book.course.cutOff.length < kills ? book.busy() : undefined
    if (pid !== undefined) {
      await crew.replace(pid)
      book.cutOff(pid)
    }
    if (book.course.looks.length === looks) break
  }
  return book.course
}

function createBook() {
  const running = new Map<string, Run & { readonly pid: number }>()
  const course = {
    looks: [] as Seen[],
    runs: [] as Run[],
    cutOff: [] as Run[],
    faults: [] as string[],
    lost: 0,
  }

  function noteOne({ at }: Look, { pid, begun, ended, lost, fault }: Answer): void {
    const complain = (what: string) => course.faults.push(`${new Date(at).toISOString()}: ${what}`)
    course.lost += lost
    if (fault !== null) complain(fault)
    for (const itemId of begun) {
      if (running.has(itemId)) complain(`${itemId} was begun while it was running`)
      running.set(itemId, { itemId, at, look: course.looks.length, pid })
    }
    for (const itemId of ended) {
      const run = running.get(itemId)
      if (run !== undefined) course.runs.push(run)
      running.delete(itemId)
    }
  }

  return {
    course,
    note(look: Look, answers: readonly Answer[]): void {
      for (const answer of answers) noteOne(look, answer)
      const begun = answers.flatMap((answer) => answer.begun)
      if (new Set(begun).size < begun.length)
        course.faults.push(`${new Date(look.at).toISOString()}: begun twice: ${begun.join(' ')}`)
      const chores = answers.reduce((sum, one) => sum + one.chores, 0)
      course.looks.push({ ...look, begun, chores })
    },
    /** A process in the middle of a run. */
    busy: () => [...running.values()][0]?.pid,
    cutOff(pid: number): void {
      for (const run of running.values()) {
        if (run.pid !== pid) continue
        course.cutOff.push(run)
        running.delete(run.itemId)
      }
    },
  }
}
