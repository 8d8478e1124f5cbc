import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Client, clients, configPathOf, type Machine, serverIn } from './client-config.ts'
import { type ConfigFile, openConfigFile } from './config-file.ts'

/** A client on this machine, and what it says about us. */
export interface Host {
  readonly client: Client
  readonly file: ConfigFile
  /** The client has been run here: its files are there. */
  readonly isInstalled: boolean
  /** Our entry in its list of servers, whatever it is. */
  readonly entry: unknown
}

export function hostsOn(machine: Machine): Host[] {
  return clients.map((client) => {
    const path = configPathOf(client, machine)
    const file = openConfigFile(path)
    const isInstalled = file.mode !== null || (client === 'claude-desktop' && existsSync(dirname(path)))
    return { client, file, isInstalled, entry: serverIn(file.text) }
  })
}
