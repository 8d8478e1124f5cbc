// Makes build/coffer-mcp-VERSION.mcpb, which Claude Desktop installs: the whole server in it, and nothing native,
// since Claude Desktop on macOS loads no native module of an extension. build/mcpb is what is in it.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundleWhole } from './bundle.mjs'
import { manifest } from './mcpb/manifest.mjs'

const root = join(import.meta.dirname, '..')
const folder = join(root, 'build', 'mcpb')
const packed = join(root, 'build', `coffer-mcp-${manifest.version}.mcpb`)

rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
await bundleWhole(root, join(folder, 'server'))
writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
for (const name of ['README.md', 'LICENSE']) copyFileSync(join(root, name), join(folder, name))

mcpb('validate', join(folder, 'manifest.json'))
mcpb('pack', folder, packed)

function mcpb(...args) {
  const cli = join(root, 'third-party', 'node_modules', '@anthropic-ai', 'mcpb', 'dist', 'cli', 'cli.js')
  execFileSync(process.execPath, [cli, ...args], { stdio: 'inherit' })
}
