import { type View, viewUri } from '../tools/define.ts'

/** What hosts that show pages beside a chat know them by. */
const mimeType = 'text/html;profile=mcp-app'

interface ViewResource {
  readonly uri: string
  readonly name: string
  readonly title: string
  readonly description: string
}

/** Pages that a host may show beside the results of the tools that name them. */
export const views: readonly ViewResource[] = [
  viewOf('connections', 'View of the connections', 'list_connections'),
  viewOf('snapshot', 'View of the snapshot', 'sync_snapshot and get_positions'),
]

function viewOf(view: View, title: string, tools: string): ViewResource {
  const description = `What ${tools} gave, for a person to look at, with buttons; for hosts that show such pages. The results stand without it.`
  return { uri: viewUri(view), name: `${view}_view`, title, description }
}

export function viewListing(view: ViewResource) {
  return { ...view, mimeType, annotations: { audience: ['user' as const] } }
}

/** The page that has this address, made when it is asked for and not before; null when it is none. */
export async function readView(uri: string, readOnly: boolean) {
  if (!views.some((view) => view.uri === uri)) return null
  const { appPage } = await import('../view/app-page.ts')
  const text = String(await appPage(!readOnly))
  // No `csp`: the page asks nothing of any network, and the host denies what it does not name.
  return { uri, mimeType, text, _meta: { ui: { prefersBorder: true } } }
}
