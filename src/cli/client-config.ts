import { readdirSync } from 'node:fs'
import { posix, resolve, win32 } from 'node:path'
import { filled } from '../config.ts'
import { settings } from '../settings.ts'
import { removeMember, setMember } from './json-edit.ts'

export const clients = ['claude-desktop', 'claude-code'] as const
export type Client = (typeof clients)[number]

export const clientNames: Record<Client, string> = {
  'claude-desktop': 'Claude Desktop',
  'claude-code': 'Claude Code',
}

type Env = Readonly<Record<string, string | undefined>>

export interface Machine {
  /** The person's home directory. */
  readonly home: string
  readonly env: Env
  readonly platform: NodeJS.Platform
  /** The names in a folder; none where there is no such folder. Default: on this disk. */
  readonly namesIn?: (folder: string) => readonly string[]
}

/** What a client is told to start; the shape that both clients read. */
export interface ServerEntry {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

const place = ['mcpServers', 'coffer'] as const

/** The file in which a client lists its servers. A folder that is set to nothing is none: that would be wherever we were started. */
export function configPathOf(client: Client, machine: Machine): string {
  const { home, env, platform } = machine
  const path = platform === 'win32' ? win32 : posix
  if (client === 'claude-code') return path.join(filled(env.CLAUDE_CONFIG_DIR) ?? home, '.claude.json')
  return path.join(desktopFolder(machine), 'claude_desktop_config.json')
}

function desktopFolder(machine: Machine): string {
  const { home, env, platform } = machine
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', 'Claude')
  if (platform !== 'win32')
    return posix.join(filled(env.XDG_CONFIG_HOME) ?? posix.join(home, '.config'), 'Claude')
  const usual = win32.join(filled(env.APPDATA) ?? win32.join(home, 'AppData', 'Roaming'), 'Claude')
  return packagedFolder(machine) ?? usual
}

/** Windows shows a packaged app, as Claude Desktop is since February 2026, a Roaming folder of its own; it reads no other one. */
function packagedFolder({ home, env, namesIn = namesOnDisk }: Machine): string | null {
  const packages = win32.join(filled(env.LOCALAPPDATA) ?? win32.join(home, 'AppData', 'Local'), 'Packages')
  const roaming = namesIn(packages)
    .filter((name) => name.startsWith('Claude_'))
    .map((name) => win32.join(packages, name, 'LocalCache', 'Roaming'))
  const isRun = (folder: string) => namesIn(folder).includes('Claude')
  const found = roaming.find(isRun)
  return found === undefined ? null : win32.join(found, 'Claude')
}

function namesOnDisk(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** The settings that are set now and may stand in a file that is no vault. Paths become absolute: clients start elsewhere. */
export function openSettings(env: Env): Record<string, string> {
  const paths = [settings.home.variable, settings.logFile.variable]
  const open = Object.values(settings).filter(({ flag }) => flag !== null)
  return chosen(open, env, (variable, value) => (paths.includes(variable) ? resolve(value) : value))
}

/** The secrets that are set now: settings without a flag. */
export function secretSettings(env: Env): Record<string, string> {
  const secret = Object.values(settings).filter(({ flag }) => flag === null)
  return chosen(secret, env, (_variable, value) => value)
}

function chosen(
  rows: readonly { variable: string }[],
  env: Env,
  toValue: (variable: string, value: string) => string,
): Record<string, string> {
  const set = rows.flatMap(({ variable }) => {
    const value = env[variable]?.trim()
    return value ? [[variable, toValue(variable, value)] as const] : []
  })
  return Object.fromEntries(set)
}

/** Why this text cannot be edited, as a clause that follows the file's name; null when it can. */
export function problemOf(text: string): string | null {
  const config = parsed(text)
  if (config === undefined) return 'is not valid JSON'
  if (!isRecord(config)) return 'is not a JSON object'
  const servers = config.mcpServers
  return servers === undefined || isRecord(servers) ? null : 'has an "mcpServers" that is not an object'
}

/** The entry as it stands in the text, whatever it is. */
export function serverIn(text: string): unknown {
  const config = parsed(text)
  return isRecord(config) && isRecord(config.mcpServers) ? config.mcpServers.coffer : undefined
}

/** The names of the secrets that our entry has in plain text. */
export function secretsIn(text: string): string[] {
  const entry = serverIn(text)
  const env = isRecord(entry) && isRecord(entry.env) ? Object.entries(entry.env) : []
  return Object.keys(
    secretSettings(
      Object.fromEntries(env.map(([name, value]) => [name, typeof value === 'string' ? value : undefined])),
    ),
  )
}

export function withServer(text: string, entry: ServerEntry): string {
  return setMember(text, place, entry)
}

export function withoutServer(text: string): string {
  return removeMember(text, place)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
