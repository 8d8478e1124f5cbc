/** Text is what somebody may have written; amounts, days and flags are ours. null: not known. */
export type Cell = { readonly text: string } | string | boolean | null
export type Row = Readonly<Record<string, Cell>>

/** A head and a line for each row, all with the columns of the first one given. */
export function toCsv(columns: readonly string[], rows: readonly Row[]): string {
  const lines = rows.map((row) => columns.map((column) => field(row[column] ?? null)).join(','))
  return `${[columns.join(','), ...lines].join('\n')}\n`
}

/** The same rows for JSON: what is not known is left out. */
export function toPlain(row: Row): Record<string, string | boolean> {
  return Object.fromEntries(
    Object.entries(row).flatMap(([name, cell]) => {
      const value = typeof cell === 'object' && cell !== null ? cell.text : cell
      return value === null ? [] : [[name, value]]
    }),
  )
}

function field(cell: Cell): string {
  if (cell === null) return ''
  return quoted(typeof cell === 'object' ? harmless(cell.text) : String(cell))
}

/** A spreadsheet takes text that begins like this for a formula; with an apostrophe it is text. */
function harmless(text: string): string {
  return /^\s*[=+\-@＝＋－＠]/.test(text) ? `'${text}` : text
}

function quoted(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
