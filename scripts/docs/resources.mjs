import { listingOf as promptListing, prompts } from '../../src/prompts/index.ts'
import { resources } from '../../src/resources/index.ts'
import { views } from '../../src/resources/views.ts'
import { code, page, table } from './markdown.mjs'

const intro = `What a client may read and subscribe to, and what a person may ask for by name. Both are listed without keys. They go
through the same door as [tools](tools.md): the same fields, the same shapes, the same texts when something fails. A
failure is a JSON-RPC error whose message begins with its code, which \`data.code\` has too: -32602 where the address or an
argument is wrong, else -32603.`

const subscriptions = `Every resource can be subscribed to. \`notifications/resources/updated\` follows within 2 seconds of a change, whichever
process made it: a status, its reason or deadline, new accounts, accounts and their balances, newer data, a figure of the
snapshot, a connection that comes or goes. No notice is sent for \`as_of\`, \`last_used_at\`, \`last_checked_at\` and
\`changes\` alone, nor when nothing but time has passed. A connection that is not
there yet can be subscribed to. The list of resources itself never changes, so nothing is said about it: connections are
reached by the template, whose \`item_id\` is completed.`

const viewing = `Pages for a host that shows them beside the chat (the extension \`io.modelcontextprotocol/ui\`, or MCP Apps): the
tools name them in \`_meta.ui.resourceUri\`. The page holds no figure: the host hands it the tool's result, and passes on the
tools that its buttons call and the Link page that it asks to have opened. It asks nothing of any network. In other hosts
nothing is different.`

const elicitation = `A client that declares \`elicitation.url\` is given the page of \`connect_bank\` and \`start_reauth\` to show, and is told by
\`notifications/elicitation/complete\` when nothing can come of it any more. Others lose nothing: the url is in the tool's
answer, and the browser is opened where there is one.`

export function resourcesPage() {
  return page(
    'Resources and prompts',
    intro,
    '## Resources',
    table(
      ['address', 'title', 'what it is'],
      resources.map(({ uri, title, description }) => [code(uri), title, description]),
    ),
    '## Subscriptions',
    subscriptions,
    '## Views',
    viewing,
    table(
      ['address', 'title', 'what it is'],
      views.map(({ uri, title, description }) => [code(uri), title, description]),
    ),
    '## Links',
    elicitation,
    '## Prompts',
    table(['prompt', 'arguments', 'what it does'], prompts.map(promptListing).map(promptRow)),
  )
}

function promptRow({ name, description, arguments: args }) {
  const told = args.map((argument) => `${code(`${argument.name}?`)}: ${argument.description}`)
  return [code(name), told.join('; '), description]
}
