/** What a webhook tells of its time is the second that its signature was made in: the same second is not older. */
export function isOlder(sentAt: string, than: string | null): boolean {
  return than !== null && secondOf(sentAt) < secondOf(than)
}

/** The later of two times; null is before all. */
export function later(a: string | null, b: string): string {
  return a !== null && Date.parse(a) > Date.parse(b) ? a : b
}

function secondOf(time: string): number {
  return Math.floor(Date.parse(time) / 1000)
}
