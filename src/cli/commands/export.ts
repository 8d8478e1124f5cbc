import { mustNotEndBefore } from '../../tools/days.ts'
import { exitCodeOf, exitCodes, type Session } from '../command.ts'
import { toCsv, toPlain } from '../export/csv.ts'
import { type Exported, exportBalances, exportSnapshots, type Wanted } from '../export/export.ts'
import { mustBeFree, writeExport } from '../export/file.ts'
import { exportTransactions } from '../export/transactions.ts'

export const exportable = ['transactions', 'balances', 'snapshots'] as const
type What = (typeof exportable)[number]

export interface ExportOptions {
  readonly from?: string
  readonly to?: string
  readonly json: boolean
  readonly out?: string
  /** A file that is there may be written over. */
  readonly yes: boolean
}

/** What is exported is on stdout or in the file, and nothing else; what is missing in it is told on stderr. Gives the exit code. */
export async function exportData(session: Session, what: What, options: ExportOptions): Promise<number> {
  const { from, to, out, yes } = options
  mustNotEndBefore(from, to)
  if (out !== undefined) mustBeFree(out, yes)
  const exported = await collect(session, what, { from, to, progress: session.progress })
  const text = options.json ? jsonOf(what, exported) : toCsv(exported.columns, exported.rows)
  if (out === undefined) session.print(text.trimEnd())
  else writeExport(out, text, yes)
  for (const line of exported.missing) session.tell(line)
  if (out !== undefined) session.tell(`${exported.rows.length} ${what} are in ${out}.`)
  return exported.failure === undefined ? exitCodes.ok : exitCodeOf(exported.failure)
}

async function collect({ opened }: Session, what: What, wanted: Wanted): Promise<Exported> {
  if (what === 'transactions') return await exportTransactions(await opened.app(), wanted)
  const app = await opened.appWithoutKeys()
  return what === 'balances' ? await exportBalances(app, wanted) : await exportSnapshots(app, wanted)
}

function jsonOf(what: What, { rows, missing }: Exported): string {
  const content = { exported_at: new Date().toISOString(), [what]: rows.map(toPlain), missing }
  return `${JSON.stringify(content, null, 2)}\n`
}
