import type { Secret } from './secret.ts'
import { isPlaidHost } from './settings.ts'

/**
 * Opens a link that Plaid gave in the person's browser. Nothing but a page of Plaid's or of this machine is
 * ever opened: a URL from elsewhere handed to the system's opener has run commands before (CVE-2025-6514).
 */
export async function openInBrowser(url: Secret): Promise<boolean> {
  if (!mayBeShown(url)) return false
  const { default: open } = await import('open')
  try {
    const opener = await open(url.open())
    opener.on('error', () => undefined)
    return true
  } catch {
    return false
  }
}

/** Is it a page of Plaid's or of this machine? */
export function mayBeShown(url: Secret): boolean {
  const text = url.open()
  return URL.canParse(text) && isPlaidHost(new URL(text))
}
