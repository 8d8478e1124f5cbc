import { mayBeShown } from '../browser.ts'
import type { OpenLink } from '../connections/index.ts'
import type { ToolContext } from './context.ts'

/**
 * Brings the page up for the person, through the client where it can show one, else in the browser. True when
 * that was set going; nobody waits for the person here, and the url is in the answer either way.
 */
export async function offerLink(
  { link, url }: OpenLink,
  message: string,
  { elicitUrl, openUrl, signal }: ToolContext,
): Promise<boolean> {
  // No page comes up by itself when the answer came too late for whoever asked.
  if (signal.aborted) return false
  if (elicitUrl === null) return await openUrl(url)
  if (!mayBeShown(url)) return false
  elicitUrl({ id: link.linkId, url, message })
  return true
}
