import type { createRestore, listCopies } from '../../app.ts'
import { table } from './table.ts'

type Restoration = Awaited<ReturnType<typeof createRestore>>
type Decision = Restoration['decision']
type Copies = Awaited<ReturnType<typeof listCopies>>

export interface Done {
  readonly decision: Decision
  readonly kept: string | null
}

const whys: Readonly<Record<Decision['leftOut'][number]['why'], string>> = {
  removed: 'it was removed since',
  replaced: 'another connection has taken its place',
  removing: 'it is being removed',
  revoked: 'its permission was taken back',
}

/** For a person who is to say yes. */
export function question({ file, takenAt, decision, isMerged }: Restoration): string {
  const of = takenAt === null ? '' : ` of ${takenAt}`
  const place = isMerged
    ? 'What is there now is kept in COFFER_HOME/replaced.'
    : 'It takes the place of a database that cannot be read or has nothing in it.'
  return [
    `Restore ${file}${of}?`,
    `It has ${countOf(decision.restored.length)}.`,
    ...notes(decision),
    place,
  ].join(' ')
}

export function doneText({ file, isMerged, unopened }: Restoration, { decision, kept }: Done): string {
  return [
    `Restored: ${file}`,
    `${countOf(decision.restored.length)} as of then; each is checked and fetched anew.`,
    ...notes(decision),
    ...unopened.map(
      ({ institution }) => `The token of ${institution} was changed and opens no more: connect it again.`,
    ),
    ...(kept === null ? [] : [`What was there before: ${kept}`]),
    isMerged ? 'Copies that run go on with it.' : 'Copies that run find it with the next question.',
  ].join('\n')
}

function notes({ leftOut, since }: Decision): string[] {
  return [
    ...leftOut.map(({ connection, why }) => `${connection.institution} does not come back: ${whys[why]}.`),
    ...since.map(({ institution }) => `${institution} was connected since, and stays.`),
  ]
}

function countOf(count: number): string {
  return count === 1 ? '1 connection' : `${count} connections`
}

export function doneJson({ file, takenAt, schema, unopened }: Restoration, { decision, kept }: Done): object {
  const name = ({ itemId, institution }: Decision['since'][number]) => ({ item_id: itemId, institution })
  return {
    restored: true,
    file,
    taken_at: takenAt,
    schema,
    connections: decision.restored.map(name),
    left_out: decision.leftOut.map(({ connection, why }) => ({ ...name(connection), why })),
    connected_since: decision.since.map(name),
    tokens_that_do_not_open: unopened.map(name),
    kept,
  }
}

export function copiesText(copies: Copies): string {
  if (copies.length === 0) return 'There is no backup.'
  const rows = copies.map(({ name, directory, takenAt, cause, bytes, isGood }) => [
    name,
    directory,
    takenAt,
    cause,
    `${Math.ceil(bytes / 1024)} kB`,
    isGood ? 'good' : 'DAMAGED',
  ])
  return table([['name'], ['in'], ['taken'], ['why'], ['size', 'right'], ['state']], rows)
}

export function copiesJson(copies: Copies): object {
  return {
    backups: copies.map(({ path, directory, takenAt, cause, bytes, isGood }) => ({
      file: path,
      directory,
      taken_at: takenAt,
      cause,
      bytes,
      good: isGood,
    })),
  }
}
