import { isReplaced } from '../connections/index.ts'
import { ageOf } from '../age.ts'
import type { Connection } from '../model.ts'
import type { Core, ToolContext } from '../tools/context.ts'
import { noConnections } from '../tools/warnings.ts'
import { byUrgency, isTrouble, troubleText } from './trouble.ts'

/** A prompt is 4 kB at most; what is left is for the way. */
const listBytes = 1_600
/** As old as sync_snapshot leaves them. */
const freshMs = 60 * 60_000

/** The banks that figures could come from. */
export async function banksOf({ store, environment }: Core): Promise<readonly Connection[]> {
  const all = await store.connections.list()
  return all.filter((row) => row.environment === environment && !isReplaced(row))
}

/** Which banks are broken, old or missing, by name and age; or that none is. */
export function bankState(
  rows: readonly Connection[],
  context: Pick<ToolContext, 'readOnly' | 'now'>,
): string {
  if (rows.length === 0) return noConnections(context.readOnly).text
  const at = new Date(context.now()).toISOString()
  const lines = [
    ...rows
      .filter(isTrouble)
      .toSorted(byUrgency)
      .map((row) => troubleText(row, context.readOnly)),
    ...rows.filter((row) => !isTrouble(row)).flatMap((row) => oldText(row, context.now())),
  ]
  if (lines.length === 0)
    return `What is stored at ${at} is fresh, from all of my ${rows.length} connections.`
  const shown = inBytes(lines)
  const more = lines.length - shown.length
  const rest = more > 0 ? `\n- And ${more} more; sync_snapshot has them.` : ''
  return `What is stored at ${at} lacks something (${lines.length} of ${rows.length} connections):\n- ${shown.join('\n- ')}${rest}`
}

function oldText({ institution, status, lastSyncedAt }: Connection, now: number): string[] {
  if (status === 'removing') return []
  if (lastSyncedAt === null) return [`${institution}: nothing has been fetched yet (${status}).`]
  const age = ageOf(lastSyncedAt, now)
  return age <= freshMs ? [] : [`${institution}: works, its figures are ${ageText(age)} old.`]
}

function ageText(ms: number): string {
  if (!Number.isFinite(ms)) return 'of unknown age, and perhaps'
  const hours = Math.round(ms / 3_600_000)
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`
}

function inBytes(lines: readonly string[]): readonly string[] {
  const fits = lines.findIndex((_, at) => Buffer.byteLength(lines.slice(0, at + 1).join('\n')) > listBytes)
  return fits === -1 ? lines : lines.slice(0, fits)
}
