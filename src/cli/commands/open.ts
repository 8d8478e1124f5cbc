import { CofferError } from '../../errors.ts'
import type { Session } from '../command.ts'
import { untilStopped } from '../until-stopped.ts'

/** Opens the local pages in a browser, and serves them until it is stopped. */
export async function open(session: Session): Promise<void> {
  const stopped = untilStopped()
  const { pages, openPage } = await session.opened.app()
  const url = await pages.entryUrl()
  if (url === null) {
    throw new CofferError('PORT_TAKEN', 'The local pages cannot be opened: no port can be had.', {
      fix: 'Set COFFER_PAGES_PORT=0 for any free one.',
    })
  }
  if (session.json) session.print(JSON.stringify({ url: url.open() }))
  else session.print(textOf(url.open(), await openPage(url)))
  await stopped
}

function textOf(url: string, isOpened: boolean): string {
  const what = isOpened
    ? 'Your pages were opened in the browser. If something else shows, or nothing, open'
    : 'Open'
  return `${what} this link, which works once and within ten minutes:\n\n  ${url}\n\nThe pages stay until you press Ctrl-C here.`
}
