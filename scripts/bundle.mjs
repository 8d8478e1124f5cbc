import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

/** Native: a bundle can only load them from where they lie. */
export const native = ['better-sqlite3', '@napi-rs/keyring']

/**
 * src/bin.ts as one entry and the chunks that it loads when they are needed; esbuild's `outputFiles` and `metafile`.
 * Ends the process when something does not build: esbuild has said what is wrong by then.
 */
export function bundle(root, { plugins = [], ...options }) {
  return build({
    absWorkingDir: root,
    entryPoints: ['src/bin.ts'],
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
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
      { name: 'browser-scripts', setup: (plugin) => browserScripts(plugin, root) },
      ...plugins,
    ],
    metafile: true,
    write: false,
    ...options,
  }).catch(() => process.exit(1))
}

/** The server with all that it needs but what is native, into a folder that no package surrounds. */
export async function bundleWhole(root, folder) {
  const { outputFiles } = await bundle(root, {
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    external: native,
    minifyIdentifiers: true,
    plugins: [{ name: 'plaid-by-name', setup: plaidByName }],
  })
  mkdirSync(folder, { recursive: true })
  for (const { path, contents } of outputFiles) writeFileSync(path, contents)
}

// esbuild gives an `import()` of CommonJS no names.
function plaidByName({ onResolve, onLoad }) {
  onResolve({ filter: /^plaid$/ }, ({ kind }) =>
    kind === 'dynamic-import' ? { path: 'plaid', namespace: 'by-name' } : undefined,
  )
  onLoad({ filter: /^plaid$/, namespace: 'by-name' }, () => ({
    contents: "export { Configuration, PlaidApi } from 'plaid'",
    resolveDir: import.meta.dirname,
  }))
}

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

// What runs in a browser is a program of its own, and a text to the server: nothing in it may end the tag around it.
function browserScripts({ onLoad }, root) {
  const scripts = [
    [/src[\\/]pages[\\/]live-script\.ts$/, 'liveScript', 'src/browser/live.ts'],
    [/src[\\/]view[\\/]app-script\.ts$/, 'appScript', 'src/browser/app.ts'],
  ]
  for (const [filter, name, entry] of scripts)
    onLoad({ filter }, async () => {
      const text = (await browserScript(root, entry)).replaceAll('</script', '<\\/script')
      return { contents: `export const ${name} = ${JSON.stringify(text)}` }
    })
}

async function browserScript(root, entry) {
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
