// A one-tool server that asks Plaid for a link, by the SDK or by fetch: what each way costs in memory.
//   node plaid-server.mjs sdk|fetch BASE_URL
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'

const [way, baseUrl] = process.argv.slice(2)
const request = {
  user: { client_user_id: 'bench' },
  client_name: 'Bench',
  language: 'en',
  country_codes: ['US'],
  products: ['transactions'],
}

const server = new McpServer({ name: 'plaid', version: '1.0.0' })
server.registerTool('connect_bank', { description: 'Makes a link.' }, async () => {
  const { link_token: text } = await (way === 'sdk' ? bySdk() : byFetch())
  return { content: [{ type: 'text', text }] }
})
await server.connect(new StdioServerTransport())

async function bySdk() {
  const { Configuration, PlaidApi } = await import('plaid')
  const { data } = await new PlaidApi(new Configuration({ basePath: baseUrl })).linkTokenCreate(request)
  return data
}

async function byFetch() {
  const response = await fetch(`${baseUrl}/link/token/create`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  })
  return await response.json()
}
