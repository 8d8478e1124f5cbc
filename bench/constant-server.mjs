// Answers list_connections with results that were recorded before: what the protocol alone costs.
import { readFileSync } from 'node:fs'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { z } from 'zod'

/** The result of each page by the cursor that asks for it; the first by none. */
const pages = JSON.parse(readFileSync(process.argv[2], 'utf8'))

const server = new McpServer({ name: 'constant', version: '1.0.0' })
server.registerTool(
  'list_connections',
  { description: 'Constants.', inputSchema: z.object({ cursor: z.string().optional() }) },
  async ({ cursor = '' }) => pages[cursor],
)
await server.connect(new StdioServerTransport())
