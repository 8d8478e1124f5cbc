// Writes what the documents say of tools, errors and settings, from the sources themselves:
// docs/tools.md, docs/resources.md, docs/errors.md, docs/config.md, the table between the markers in README.md, and
// server.json for the MCP registry.
//   --check    writes nothing, and ends with 1 if one of them is not what it would write
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { configPage } from './docs/config.mjs'
import { errorsPage } from './docs/errors.mjs'
import { resourcesPage } from './docs/resources.mjs'
import { serverJson } from './docs/server-json.mjs'
import { toolsPage, toolTable } from './docs/tools.mjs'

const root = join(import.meta.dirname, '..')
const options = process.argv.slice(2)

const documents = {
  'README.md': between(read('README.md') ?? '', '<!-- tools -->', '<!-- /tools -->', toolTable()),
  'docs/tools.md': toolsPage(),
  'docs/resources.md': resourcesPage(),
  'docs/errors.md': errorsPage(),
  'docs/config.md': configPage(),
  'server.json': serverJson(),
}
const stale = Object.keys(documents).filter((path) => read(path) !== documents[path])

if (options.includes('--check')) {
  for (const path of stale) console.error(`${path} is stale: run npm run docs`)
  process.exitCode = stale.length === 0 ? 0 : 1
} else {
  for (const path of stale) writeFileSync(join(root, path), documents[path])
  console.log(stale.length === 0 ? 'All documents are fresh.' : `Written: ${stale.join(', ')}`)
}

/** Null when there is no such file. */
function read(path) {
  try {
    return readFileSync(join(root, path), 'utf8').replaceAll('\r\n', '\n')
  } catch {
    return null
  }
}

function between(text, start, end, inside) {
  const [from, to] = [text.indexOf(start), text.indexOf(end)]
  if (from === -1 || to < from) throw new Error(`README.md lacks the markers ${start} and ${end}`)
  return `${text.slice(0, from + start.length)}\n${inside}\n${text.slice(to)}`
}
