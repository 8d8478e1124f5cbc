import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { listedTools } from '../../src/tools/listed.ts'
import { userConfig, variables } from './user-config.mjs'

const { version, description, license, keywords } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'),
)

/** What Claude Desktop reads of the extension. https://github.com/modelcontextprotocol/mcpb/blob/main/MANIFEST.md */
export const manifest = {
  manifest_version: '0.3',
  name: 'coffer-mcp',
  display_name: 'Coffer',
  version,
  description,
  author: { name: 'Coffer contributors' },
  license,
  keywords,
  privacy_policies: ['https://plaid.com/legal/'],
  server: {
    type: 'node',
    entry_point: 'server/bin.mjs',
    mcp_config: { command: 'node', args: ['${__dirname}/server/bin.mjs'], env: variables },
  },
  tools: listedTools.map(({ name, description }) => ({ name, description })),
  prompts_generated: true,
  compatibility: { platforms: ['darwin', 'win32', 'linux'], runtimes: { node: '>=22.20' } },
  user_config: userConfig,
}
