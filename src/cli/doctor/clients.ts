import { existsSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import { z } from 'zod'
import { type Client, clientNames, type Machine, problemOf, secretSettings } from '../client-config.ts'
import { type Host, hostsOn } from '../hosts.ts'
import type { Finding } from './finding.ts'

/** Every client that Coffer knows: whether it is on this machine, has Coffer, and could start it. `home`: the data directory. */
export function clientsOf(machine: Machine, home: string | null): Finding[] {
  return hostsOn(machine).map((host) => ({ check: clientNames[host.client], ...foundAt(host, home) }))
}

type Found = Omit<Finding, 'check'>

function foundAt({ client, file, isInstalled, entry }: Host, home: string | null): Found {
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
  return { ok: true, says: [`has Coffer (${file.path})`, ...remarks(given, home)].join('; ') }
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
  const script = args.find((arg) => !arg.startsWith('-'))
  return [command, ...(script === undefined ? [] : [script])].filter(
    (path) => isAbsolute(path) && !existsSync(path),
  )
}

function remarks({ args, env }: Entry, home: string | null): string[] {
  const other = env.COFFER_HOME
  return [
    ...(args.includes('--demo') ? ['with the simulated banks'] : []),
    ...(other === undefined || home === null || resolve(other) === home ? [] : [`with the data in ${other}`]),
    ...(Object.keys(secretSettings(env)).length > 0
      ? ['with secrets in plain text: coffer-mcp setup puts Plaid keys into the keychain']
      : []),
  ]
}
