import { formatMoney, toMinor } from '../money.ts'

/** "$1,234.56" from the decimal number of a result. */
export function money(amount: number | undefined, currency: string): string {
  return amount === undefined ? '-' : formatMoney(toMinor(amount, currency), currency)
}

export function percent(share: number | undefined): string {
  return share === undefined ? '-' : `${Math.round(share * 1000) / 10}%`
}

/** "3 min ago", for people; results carry the exact time. */
export function age(time: string | undefined, now: number): string {
  if (time === undefined) return 'never'
  const minutes = Math.max(0, Math.round((now - Date.parse(time)) / 60_000))
  if (minutes < 1) return 'just now'
  if (minutes < 90) return `${minutes} min ago`
  const hours = Math.round(minutes / 60)
  return hours < 48 ? `${hours} h ago` : `${Math.round(hours / 24)} days ago`
}

/** "in 3 h", for what is still to come. */
export function ahead(time: string | undefined, now: number): string {
  if (time === undefined) return '-'
  const minutes = Math.round((Date.parse(time) - now) / 60_000)
  if (minutes < 1) return 'now'
  if (minutes < 90) return `in ${minutes} min`
  const hours = Math.round(minutes / 60)
  return hours < 48 ? `in ${hours} h` : `in ${Math.round(hours / 24)} days`
}
