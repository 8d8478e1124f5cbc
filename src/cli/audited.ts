import { tellingEnd } from '../audit/index.ts'
import { exitCodes, type Session } from './command.ts'

type Work<A extends readonly unknown[]> = (session: Session, ...args: A) => Promise<number | void>

/** The command, with a row in the audit log of how it ended if it came as far as opening the database. */
export function audited<A extends readonly unknown[]>(name: string, work: Work<A>): Work<A> {
  return (session, ...args) =>
    tellingEnd(
      () => work(session, ...args),
      (outcome, code) =>
        note(session, name, typeof code === 'number' && code !== exitCodes.ok ? `exit ${code}` : outcome),
    )
}

async function note({ opened, about }: Session, name: string, outcome: string): Promise<void> {
  const app = await opened.running()?.catch(() => null)
  app?.audit.note({ actor: 'command', name, outcome, about })
}
