import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { settings } from '../../src/settings.ts'

const { version, name, mcpName } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'),
)

/** What the MCP registry wants to know of a server; all that it sets is a setting. */
export function serverJson() {
  const server = {
    $schema: 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json',
    name: mcpName,
    title: 'Coffer',
    description:
      'Your bank and brokerage data through your own Plaid keys; broken logins repaired from the chat',
    version,
    packages: [
      {
        registryType: 'npm',
        identifier: name,
        version,
        transport: { type: 'stdio' },
        environmentVariables: Object.values(settings).map(variable),
      },
    ],
  }
  return `${JSON.stringify(server, null, 2)}\n`
}

function variable({ variable, flag, fallback, meaning }) {
  const isSecret = flag === null
  return {
    name: variable,
    description: meaning.replaceAll('`', ''),
    isRequired: false,
    isSecret,
    ...(fallback === null ? {} : { default: fallback }),
  }
}
