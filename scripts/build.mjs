// Bundles src/bin.ts to dist/: one entry and the chunks that it loads when they are needed.
//   --report   prints what each entry loads at once, by package
//   --clean    removes the chunks of earlier builds too (before packing)
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { report } from './build-report.mjs'

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')
const options = new Set(process.argv.slice(2))

const { outputFiles, metafile } = await build({
  absWorkingDir: root,
  entryPoints: ['src/bin.ts'],
  outdir: 'dist',
  chunkNames: '[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  // Native or slow to load: they come from node_modules, on their first use.
  external: ['plaid', 'better-sqlite3', '@napi-rs/keyring'],
  // Some bundled packages are CommonJS and ask for Node's modules by `require`, which ESM lacks.
  banner: {
    js: "import { createRequire as createRequireHere } from 'node:module'\nconst require = createRequireHere(import.meta.url)",
  },
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  plugins: [
    { name: 'english-only', setup: englishOnly },
    { name: 'listed-tools', setup: listedTools },
    { name: 'live-script', setup: liveScript },
  ],
  metafile: true,
  write: false,
  // esbuild has said what is wrong by then.
}).catch(() => process.exit(1))

// A running server loads chunks later: those of the build it came from stay for an hour, and the entry,
// which names the new ones, is put in its place last and at once.
mkdirSync(dist, { recursive: true })
const [entry, ...chunks] = outputFiles.toSorted((a, b) => rank(a) - rank(b))
for (const file of [...chunks, entry]) put(file)
removeOld(new Set(outputFiles.map(({ path }) => basename(path))))
if (options.has('--report')) console.log(report(metafile))

// zod brings its messages in fifty languages, a third of all that a server loads at its start.
function englishOnly({ onLoad }) {
  const contents = "export { default as en } from './en.js'"
  onLoad({ filter: /zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, ({ path }) => ({
    contents,
    resolveDir: dirname(path),
  }))
}

// The schemas of the tools are turned into JSON once, here, and not at each start.
function listedTools({ onLoad }) {
  onLoad({ filter: /src[\\/]tools[\\/]listed\.ts$/ }, async ({ path }) => {
    const { listedTools } = await import(pathToFileURL(path).href)
    return { contents: `export const listedTools = ${JSON.stringify(listedTools)}` }
  })
}

// What runs in a browser is a program of its own, and a text to the server.
function liveScript({ onLoad }) {
  onLoad({ filter: /src[\\/]pages[\\/]live-script\.ts$/ }, async () => {
    const text = await browserScript('src/browser/live.ts')
    return { contents: `export const liveScript = ${JSON.stringify(text)}` }
  })
}

async function browserScript(entry) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    legalComments: 'none',
    write: false,
  })
  return outputFiles[0].text
}

function rank({ path }) {
  return basename(path) === 'bin.js' ? 0 : 1
}

function put({ path, contents }) {
  const temporary = `${path}.${process.pid}`
  writeFileSync(temporary, contents, { mode: basename(path) === 'bin.js' ? 0o755 : 0o644 })
  renameSync(temporary, path)
}

function removeOld(current) {
  const limit = options.has('--clean') ? Infinity : Date.now() - 3_600_000
  for (const name of readdirSync(dist)) {
    const path = join(dist, name)
    if (!current.has(name) && statSync(path).mtimeMs < limit) rmSync(path, { force: true })
  }
}
