import type { Session } from '../command.ts'
import type { App } from '../../app.ts'

type Backup = Awaited<ReturnType<App['store']['backups']['make']>>

export async function backup(session: Session): Promise<void> {
  const { store } = await session.opened.appWithoutKeys()
  const made = await store.backups.make('asked')
  const kept = store.backups.list().length
  session.print(session.json ? JSON.stringify({ ...toJson(made), kept }, null, 2) : textOf(made, kept))
}

function toJson({ path, takenAt, cause, bytes }: Backup) {
  return { file: path, taken_at: takenAt, cause, bytes }
}

function textOf({ path }: Backup, kept: number): string {
  return [
    `Backed up: ${path}`,
    `${kept} ${kept === 1 ? 'is' : 'are'} kept there. Bank tokens in it are sealed: it opens with the same key alone, which is not in it.`,
  ].join('\n')
}
