import { settings } from '../../src/settings.ts'
import { code, page, table } from './markdown.mjs'

const intro = `Flags come first, then the environment, then \`config.json\` in \`COFFER_HOME\` (a JSON object whose names are
these variables; keep secrets out of it), then the default. An empty value counts as not set. Secrets have no flag,
because flags show in process lists. With \`--demo\` the keys, \`PLAID_ENV\`, \`PLAID_BASE_URL\`, \`PLAID_PRODUCTS\`, the key
settings, both ports and all about webhooks but \`COFFER_LISTEN\` are the demo's own, and its data lie in \`demo\` below
\`COFFER_HOME\`.

A value that cannot be used stops a command with exit code 78. The MCP server starts all the same, and every tool
answers with what is wrong and an example of a right value.`

export function configPage() {
  const rows = Object.values(settings).map(({ variable, flag, fallback, meaning }) => [
    code(variable),
    flag === null ? '-' : code(`--${flag}`),
    fallback === null ? '-' : code(fallback),
    meaning,
  ])
  const examples = Object.values(settings).map(({ variable, example }) => `${variable}=${quoted(example)}`)
  return page(
    'Settings',
    intro,
    table(['variable', 'flag', 'default', 'meaning'], rows),
    '## Examples',
    ['```sh', ...examples, '```'].join('\n'),
  )
}

function quoted(text) {
  return text.includes(' ') ? `'${text}'` : text
}
