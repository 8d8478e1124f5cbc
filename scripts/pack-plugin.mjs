// Makes build/claude-code-plugin, which Claude Code takes by `claude --plugin-dir` or from a marketplace: what is in
// plugin/, and the whole server without native modules.
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { bundleWhole } from './bundle.mjs'

const root = join(import.meta.dirname, '..')
const folder = join(root, 'build', 'claude-code-plugin')

rmSync(folder, { recursive: true, force: true })
cpSync(join(root, 'plugin'), folder, { recursive: true })
await bundleWhole(root, join(folder, 'server'))
console.log(`The plugin is in ${folder}`)
