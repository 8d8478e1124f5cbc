// Installs what is missing, before `npm run demo` and `npm test`. Runs on the machine's own Node, without
// dependencies, and as a script of its own: a shell remembers where it found `node`, so the one that runs
// this would go on with the old Node after the new one is there.
//   --third-party    the programs of others in third-party/ too, which packing and the conformance tests run
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const windows = process.platform === 'win32'

const thirdParty = join(root, 'third-party')
const steps = []
// better-sqlite3 ships its binaries, yet from a lock file npm would compile it: hence no scripts here.
if (!packagesAreThere(root)) steps.push(['ci', '--ignore-scripts', '--include=dev', '--loglevel=error'])
if (steps.length > 0 || !nodeIsThere()) steps.push(['rebuild', 'node'])
if (process.argv.includes('--third-party') && !packagesAreThere(thirdParty))
  steps.push(['ci', '--ignore-scripts', '--loglevel=error', '--prefix', thirdParty])

if (steps.length > 0) {
  const start = Date.now()
  process.stdout.write('Installing what is missing ... ')
  for (const step of steps) npm(step)
  if (!nodeIsThere()) stop('The Node that comes as a dependency does not run on this machine.')
  console.log(`done in ${Math.round((Date.now() - start) / 1000)} s.`)
}

/** npm's own note of what it installed, compared with the lock file; what is optional may be for another platform. */
function packagesAreThere(folder) {
  const installed = packagesOf(join(folder, 'node_modules', '.package-lock.json'))
  const wanted = Object.entries(packagesOf(join(folder, 'package-lock.json')))
  return wanted.every(
    ([path, { version, optional }]) => path === '' || optional || installed[path]?.version === version,
  )
}

function packagesOf(lockFile) {
  try {
    return JSON.parse(readFileSync(lockFile, 'utf8')).packages
  } catch {
    return {}
  }
}

function nodeIsThere() {
  const node = join(root, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node')
  const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' })
  const [major, minor] = (stdout ?? '').slice(1).split('.').map(Number)
  return major > 22 || (major === 22 && minor >= 20)
}

function npm(args) {
  // Not process.execPath: that may be the very Node that `npm ci` is about to remove.
  const { npm_node_execpath: node, npm_execpath: script } = process.env
  const options = { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }
  const result =
    node && script
      ? spawnSync(node, [script, ...args], options)
      : spawnSync('npm', args, { ...options, shell: windows })
  if (result.status === 0) return
  stop(
    [`npm ${args.join(' ')} failed:`, result.error?.message, result.stdout, result.stderr]
      .filter(Boolean)
      .join('\n'),
  )
}

function stop(message) {
  console.error(`failed.\n${message}`)
  process.exit(1)
}
