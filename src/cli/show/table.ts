import Table from 'cli-table3'

export type Column = readonly [title: string, align?: 'left' | 'right']

/**
 * A plain table: thin lines under the head only, so that it reads well in any terminal and in a paste.
 * A column without any text is left out.
 */
export function table(all: readonly Column[], everything: readonly (readonly string[])[]): string {
  const filled = all.map((_, index) => everything.some((row) => row[index] !== ''))
  const columns = all.filter((_, index) => filled[index])
  const rows = everything.map((row) => row.filter((_, index) => filled[index]))
  const drawn = new Table({
    head: columns.map(([title]) => title),
    colAligns: columns.map(([, align]) => align ?? 'left'),
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 0 },
    chars: plain,
  })
  drawn.push(...rows.map((row) => [...row]))
  return drawn
    .toString()
    .split('\n')
    .map((line) => `  ${line.trimEnd()}`)
    .filter((line) => line.trim() !== '')
    .join('\n')
}

const plain = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '─',
  'mid-mid': '──',
  right: '',
  'right-mid': '',
  middle: '  ',
}
