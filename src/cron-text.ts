interface Field {
  readonly min: number
  readonly max: number
  /** What else stands for `min`, `min + 1` and so on. */
  readonly names: readonly string[]
}

const months = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ')
const days = 'SUN MON TUE WED THU FRI SAT'.split(' ')
const fields: readonly Field[] = [
  { min: 0, max: 59, names: [] },
  { min: 0, max: 23, names: [] },
  { min: 1, max: 31, names: [] },
  { min: 1, max: 12, names: months },
  { min: 0, max: 7, names: days },
]
const longest = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/**
 * Whether these are five fields of cron (minute, hour, day of the month, month, day of the week) that name a time which
 * ever comes. A check of its own, since what reads them is loaded by whoever leads, long after the settings.
 */
export function isCron(text: string): boolean {
  const parts = text.trim().split(/\s+/)
  if (parts.length !== fields.length) return false
  const values = fields.map((field, index) => valuesOf(parts[index] ?? '', field))
  const [, , inMonth = [], ofYear = []] = values
  return values.every((found) => found.length > 0) && (parts[4] !== '*' || comes(inMonth, ofYear))
}

function comes(inMonth: readonly number[], ofYear: readonly number[]): boolean {
  return ofYear.some((month) => inMonth.some((day) => day <= (longest[month - 1] ?? 0)))
}

/** Every value that a field names; none when it cannot be read. */
function valuesOf(text: string, field: Field): readonly number[] {
  const ranges = text.split(',').map((part) => rangeOf(part, field))
  return ranges.some((range) => range.length === 0) ? [] : ranges.flat()
}

function rangeOf(text: string, field: Field): readonly number[] {
  const match = /^(?:(\*)|(\w+)(?:-(\w+))?)(?:\/(\d{1,2}))?$/.exec(text)
  if (match === null) return []
  const [, all, first = '', last, step] = match
  // A step needs something to step through.
  if (step !== undefined && ((all ?? last) === undefined || Number(step) > field.max)) return []
  const from = all === undefined ? valueOf(first, field) : field.min
  const to = all === undefined ? valueOf(last ?? first, field) : field.max
  return stepped(from, to, Number(step ?? 1))
}

function stepped(from: number, to: number, step: number): readonly number[] {
  if (Number.isNaN(from) || Number.isNaN(to) || step < 1 || from > to) return []
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step)
}

function valueOf(text: string, { min, max, names }: Field): number {
  const place = names.indexOf(text.toUpperCase())
  if (place >= 0) return min + place
  const value = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN
  return value >= min && value <= max ? value : Number.NaN
}
