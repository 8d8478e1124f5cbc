import { confirm } from '@clack/prompts'
import { CofferError } from '../../errors.ts'
import { refuseUnusableDirectory } from '../../private-files.ts'
import type { Session } from '../command.ts'
import { copiesJson, copiesText, doneJson, doneText, question } from '../show/restore.ts'

interface Options {
  /** A path, or the name of one that is kept. */
  readonly file: string | undefined
  readonly list: boolean
  readonly yes: boolean
}

export async function restore(session: Session, { file, list, yes }: Options): Promise<void> {
  const { createRestore, listCopies } = await import('../../app.ts')
  const config = session.opened.config()
  if (list) {
    refuseUnusableDirectory(config.home)
    const copies = await listCopies(config)
    return session.print(session.json ? jsonOf(copiesJson(copies)) : copiesText(copies))
  }
  const restoration = await createRestore(config, file ?? null)
  try {
    await askFirst(session, yes, question(restoration))
    const done = await restoration.apply()
    session.about.push(doneJson(restoration, done))
    await restoration.end()
    // It opens; and the audit log has a row of it.
    await session.opened.appWithoutKeys()
    session.print(session.json ? jsonOf(doneJson(restoration, done)) : doneText(restoration, done))
  } finally {
    await restoration.end()
  }
}

async function askFirst({ interactive }: Session, yes: boolean, message: string): Promise<void> {
  if (yes) return
  if (interactive && (await confirm({ message, initialValue: false })) === true) return
  throw new CofferError('NOT_CONFIRMED', 'No person has said yes, so nothing was restored.', {
    fix: 'Run coffer-mcp restore at a terminal, or with --yes.',
  })
}

function jsonOf(value: object): string {
  return JSON.stringify(value, null, 2)
}
