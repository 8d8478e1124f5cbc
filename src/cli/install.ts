import { realpathSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import {
  type Client,
  clientNames,
  configPathOf,
  type Machine,
  openSettings,
  problemOf,
  type ServerEntry,
  secretSettings,
  secretsIn,
  serverIn,
  withoutServer,
  withServer,
} from './client-config.ts'
import { type ConfigFile, openConfigFile, replaceConfigFile } from './config-file.ts'

export interface InstallOptions extends Machine {
  readonly client: Client
  readonly uninstall: boolean
  readonly dryRun: boolean
  readonly yes: boolean
  /** Install with `--demo`: made-up banks, no keys. */
  readonly demo: boolean
  /** Write the Plaid keys that are set now into the client's file. */
  readonly withKeys: boolean
  /** The Plaid keys are in the keychain, where every copy finds them. */
  readonly keysInKeychain: boolean
  /** `process.execPath` and the path of the running script. */
  readonly execPath: string
  readonly script: string
  readonly now: Date
  /** Shows the plan and asks; without it, only `yes` agrees. */
  readonly confirm?: (plan: readonly string[]) => Promise<boolean>
}

export interface InstallOutcome {
  readonly lines: readonly string[]
  readonly exitCode: number
}

interface Plan {
  readonly file: ConfigFile
  /** The file's new text; null when nothing has to change. */
  readonly text: string | null
  readonly lines: readonly string[]
  /** Said once it is done. */
  readonly after: readonly string[]
}

/** Adds Coffer to a client's list of servers, or takes it out. Nothing is written before a yes. */
export async function runInstall(options: InstallOptions): Promise<InstallOutcome> {
  const file = openConfigFile(configPathOf(options.client, options))
  const refusal = refusalOf(file, options)
  if (refusal !== null) return { lines: [refusal], exitCode: 1 }

  const plan = options.uninstall ? planRemoval(file, options) : planInstall(file, options)
  if (plan.text === null) return { lines: plan.lines, exitCode: 0 }
  if (options.dryRun) return { lines: [...plan.lines, 'Dry run: nothing was written.'], exitCode: 0 }
  if (!options.yes && options.confirm === undefined) {
    return {
      lines: [...plan.lines, 'Nothing was written. Run it again with --yes to write it.'],
      exitCode: 1,
    }
  }
  if (!options.yes && !(await options.confirm?.(plan.lines))) {
    return { lines: ['Nothing was written.'], exitCode: 1 }
  }
  return write(plan, plan.text, options)
}

function refusalOf(file: ConfigFile, { withKeys, uninstall, env }: InstallOptions): string | null {
  const problem = file.problem ?? problemOf(file.text)
  if (problem !== null) return `${file.path} ${problem}. Nothing was changed; mend the file first.`
  if (uninstall || !withKeys || 'PLAID_SECRET' in secretSettings(env)) return null
  return 'Nothing was changed: --with-keys writes PLAID_CLIENT_ID and PLAID_SECRET, which are not set here.'
}

function planInstall(file: ConfigFile, options: InstallOptions): Plan {
  const name = clientNames[options.client]
  const entry = entryOf(options)
  const present = serverIn(file.text)
  if (isDeepStrictEqual(present, entry)) {
    return { file, text: null, lines: [`Coffer is already in ${name}, just so (${file.path}).`], after: [] }
  }
  const what = present === undefined ? `Adds coffer to ${name}` : `Replaces the coffer entry of ${name}`
  return {
    file,
    text: withServer(file.text, entry),
    lines: [`${what}, in ${file.path}:`, ...shown(entry), ...notes(options)],
    after: [
      options.client === 'claude-code' ? 'Start a new claude to use it.' : `Restart ${name} to use it.`,
    ],
  }
}

function planRemoval(file: ConfigFile, { client, keysInKeychain }: InstallOptions): Plan {
  const name = clientNames[client]
  if (serverIn(file.text) === undefined) {
    return { file, text: null, lines: [`Coffer is not in ${name} (${file.path}).`], after: [] }
  }
  return {
    file,
    text: withoutServer(file.text),
    lines: [`Takes coffer out of ${name}, in ${file.path}.`],
    after: [
      keysInKeychain
        ? 'Your bank connections, data and the Plaid keys in the keychain stay; coffer-mcp erase takes all of it.'
        : 'Your bank connections and data stay where they are.',
    ],
  }
}

/** Absolute paths, links followed: a client starts in another directory, with another PATH. */
function entryOf({ execPath, script, demo, withKeys, env }: InstallOptions): ServerEntry {
  const variables = { ...openSettings(env), ...(withKeys ? secretSettings(env) : {}) }
  return {
    command: realpathSync(execPath),
    args: [realpathSync(script), ...(demo ? ['--demo'] : [])],
    ...(Object.keys(variables).length > 0 ? { env: variables } : {}),
  }
}

function shown(entry: ServerEntry): string[] {
  const secrets = Object.fromEntries(
    Object.keys(secretSettings(entry.env ?? {})).map((name) => [name, '[secret]']),
  )
  const safe = entry.env === undefined ? entry : { ...entry, env: { ...entry.env, ...secrets } }
  return JSON.stringify({ coffer: safe }, null, 2).split('\n')
}

function notes({ client, demo, withKeys, keysInKeychain, env, script }: InstallOptions): string[] {
  const found: string[] = []
  if (withKeys) {
    found.push(
      'Your Plaid keys will stand in that file in plain text; only you will be able to read it (0600).',
    )
  } else if (keysInKeychain && !demo) {
    found.push('The Plaid keys are in the keychain, so the file needs none.')
  } else if (!demo) {
    found.push(keysNote(client, Object.keys(secretSettings(env))))
  }
  if (/[\\/]_npx[\\/]/.test(script)) {
    found.push(
      'This copy lies in a cache that npx may empty: install it with `npm install -g coffer-mcp` first.',
    )
  }
  return found
}

function keysNote(client: Client, set: readonly string[]): string {
  if (set.length === 0)
    return 'No Plaid keys are known yet: coffer-mcp setup asks for them and keeps them where the server finds them; --demo needs none.'
  const where =
    client === 'claude-code'
      ? 'Claude Code passes on what is set in the shell that starts it'
      : 'Claude Desktop does not see what is set in your shell'
  return `Secrets are left out (${set.join(', ')}). ${where}; --with-keys writes them into the file.`
}

/** Taken out of the file, they would live on beside it. */
function warningOf({ text }: ConfigFile): string {
  const secrets = secretsIn(text)
  return secrets.length === 0
    ? ''
    : `\nIt holds ${secrets.join(', ')} in plain text: delete it once all is well.`
}

function write(
  { file, lines, after }: Plan,
  text: string,
  { withKeys, now, yes }: InstallOptions,
): InstallOutcome {
  try {
    const backup = replaceConfigFile(file, text, { now, onlyOwner: withKeys })
    const kept = backup === null ? [] : [`The file as it was: ${backup}${warningOf(file)}`]
    // Who was asked has the plan in view.
    return { lines: [...(yes ? lines : []), 'Done.', ...kept, ...after], exitCode: 0 }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { lines: [`${file.path} could not be written: ${reason}. It is as it was.`], exitCode: 1 }
  }
}
