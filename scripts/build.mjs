// Bundles src/bin.ts to dist/: one entry and the chunks that it loads when they are needed.
//   --report   prints what each entry loads at once, by package
//   --clean    removes the chunks of earlier builds too (before packing)
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { report } from './build-report.mjs'
import { bundle, native } from './bundle.mjs'

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')
const options = new Set(process.argv.slice(2))

// Plaid is slow to load: it too comes from node_modules, on its first use.
const { outputFiles, metafile } = await bundle(root, { outdir: 'dist', external: ['plaid', ...native] })

// A running server loads chunks later: those of the build it came from stay for an hour, and the entry,
// which names the new ones, is put in its place last and at once.
mkdirSync(dist, { recursive: true })
const [entry, ...chunks] = outputFiles.toSorted((a, b) => rank(a) - rank(b))
for (const file of [...chunks, entry]) put(file)
removeOld(new Set(outputFiles.map(({ path }) => basename(path))))
if (options.has('--report')) console.log(report(metafile))

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
