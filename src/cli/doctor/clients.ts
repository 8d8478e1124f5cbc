import { existsSync, realpathSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import { z } from 'zod'
import type { Config } from '../../config.ts'
import { type Client, clientNames, type Machine, problemOf, secretSettings } from '../client-config.ts'
import { type Host, hostsOn } from '../hosts.ts'
import type { Finding } from './finding.ts'
import { leftSecrets } from './left-secrets.ts'

/** What this command is, to tell what a client starts from it. */
export interface Here {
  /** Where this script really is. */
  readonly script: string
  /** Null where the settings cannot be read. */
  readonly config: Pick<Config, 'home' | 'environment'> | null
}

/** Every client that Coffer knows: whether it is on this machine, has Coffer and could start it, and what backups of its settings give away. */
export function clientsOf(machine: Machine, here: Here): Finding[] {
  return hostsOn(machine).flatMap((host) => [
    { check: clientNames[host.client], ...foundAt(host, here) },
    ...leftSecrets(host, machine),
  ])
}

type Found = Omit<Finding, 'check'>

function foundAt({ client, file, isInstalled, entry }: Host, here: Here): Found {
  if (!isInstalled) return { ok: true, says: 'not on this machine' }
  const problem = file.problem ?? problemOf(file.text)
  if (problem !== null)
    return {
      ok: false,
      says: `${file.path} ${problem}`,
      fix: 'Mend that file: the client cannot read it either.',
    }
  if (entry === undefined) return { ok: true, says: `has no Coffer: ${installing(client)} adds it` }
  const given = entryShape.safeParse(entry).data ?? null
  const gone = given === null ? [] : missingPaths(given)
  if (given === null || gone.length > 0) {
    const what = given === null ? 'cannot be started' : `starts ${gone[0]}, which is not there`
    return {
      ok: false,
      says: `its entry for coffer ${what} (${file.path})`,
      fix: `Run: ${installing(client)}`,
    }
  }
  const has = `has an entry for coffer (${file.path})`
  return { ok: true, says: [has, ...remarks(given, here), ...plainSecrets(client, given)].join('; ') }
}

function installing(client: Client): string {
  return `coffer-mcp install ${client}`
}

/** What both clients read of it; what else is there is theirs. */
const entryShape = z.object({
  command: z.string(),
  args: z.array(z.string()).catch([]),
  env: z.record(z.string(), z.string()).catch({}),
})
type Entry = z.output<typeof entryShape>

/** A command without a path is found by the client's own PATH, which is not known here. */
function missingPaths({ command, args }: Entry): string[] {
  const script = scriptOf(args)
  return [command, ...(script === undefined ? [] : [script])].filter(
    (path) => isAbsolute(path) && !existsSync(path),
  )
}

function scriptOf(args: Entry['args']): string | undefined {
  return args.find((arg) => !arg.startsWith('-'))
}

function remarks({ command, args, env }: Entry, { script, config }: Here): string[] {
  const { COFFER_HOME: home, PLAID_ENV: environment } = env
  return [
    ...otherProgram(command, args, script),
    ...(args.includes('--demo') ? ['with the simulated banks'] : []),
    ...(home === undefined || config === null || resolve(home) === config.home
      ? []
      : [`with the data in ${home}`]),
    ...(environment === undefined || config === null || environment === config.environment
      ? []
      : [`with PLAID_ENV=${environment}, which is ${config.environment} here`]),
  ]
}

/** What stands there may be another copy, or no Coffer at all. Only paths are shown: other words may be anything. */
function otherProgram(command: string, args: Entry['args'], script: string): string[] {
  const started = scriptOf(args) ?? command
  if (isAbsolute(started)) return realpathSync(started) === script ? [] : [`starts ${started}, not ${script}`]
  return started === 'coffer-mcp' ? [] : [`starts ${command}, not ${script}`]
}

function plainSecrets(client: Client, { env }: Entry): string[] {
  if (Object.keys(secretSettings(env)).length === 0) return []
  return [
    `with secrets in plain text: coffer-mcp setup puts Plaid keys into the keychain, and ${installing(client)} then takes them out of there`,
  ]
}
