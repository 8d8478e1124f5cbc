import type { Finding } from './finding.ts'

/** More than this, and signatures of webhooks begin to look old or to come from the future. */
const mostMs = 60_000
const patienceMs = 5_000

/** This machine's clock against the one where Plaid is; nothing when that cannot be asked. No key is sent. */
export async function clockOf(plaidUrl: string, now: () => number): Promise<Finding[]> {
  const before = now()
  const date = await dateAt(plaidUrl)
  if (date === null) return []
  // The answer was dated between the two, in whole seconds.
  const ahead = (before + now()) / 2 - (date + 500)
  return [findingOf(ahead)]
}

async function dateAt(url: string): Promise<number | null> {
  try {
    const { headers } = await fetch(url, {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(patienceMs),
    })
    const date = Date.parse(headers.get('date') ?? '')
    return Number.isNaN(date) ? null : date
  } catch {
    return null
  }
}

/** @param ahead by how many ms this clock is before Plaid's */
export function findingOf(ahead: number): Finding {
  const seconds = Math.round(Math.abs(ahead) / 1000)
  const amount = amountOf(seconds)
  if (Math.abs(ahead) <= mostMs)
    return { check: 'clock', ok: true, says: seconds < 2 ? "agrees with Plaid's" : `${amount} off Plaid's` }
  return {
    check: 'clock',
    ok: false,
    says: `${amount} ${ahead > 0 ? 'ahead of' : 'behind'} Plaid's`,
    fix: "Let this computer set its clock by itself: webhooks of more than 5 minutes' age are refused, and runs come at the wrong time.",
  }
}

function amountOf(seconds: number): string {
  if (seconds < 120) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 120) return `${minutes} min`
  const hours = Math.round(minutes / 60)
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`
}
