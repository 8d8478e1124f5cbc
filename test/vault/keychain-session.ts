import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { z } from 'zod'

/** What is needed to have a Secret Service without a desktop (Debian: dbus, gnome-keyring), and is not here. */
export const missing = ['dbus-run-session', 'dbus-send', 'gnome-keyring-daemon'].filter(
  (program) => spawnSync('which', [program]).status !== 0,
)

/** For the name of what is left out without one. */
export const skipped = missing.length === 0 ? '' : ` (skipped: no ${missing.join(', ')} here)`

const program = join(import.meta.dirname, 'keychain-program.ts')
const run = 'node "$PROGRAM" "$COFFER" "$@"'
const stay = 'echo "$DBUS_SESSION_BUS_ADDRESS"; cat'

const ready =
  'until dbus-send --session --print-reply --dest=org.freedesktop.DBus / ' +
  'org.freedesktop.DBus.NameHasOwner string:org.freedesktop.secrets | grep -q true; do sleep 0.02; done'
const daemon = 'gnome-keyring-daemon --components=secrets --foreground >/dev/null 2>&1'
const withDaemon = (options: string, before = ':', then = run) =>
  `printf "$PASSWORD" | ${daemon} ${options} & ${ready}; ${before}; ${then}; kill -KILL $!`

/** Shell for a session of each kind. */
const sessions = {
  'no bus': run,
  'no service': run,
  locked: withDaemon('--start'),
  unlocked: withDaemon('--unlock'),
  hung: withDaemon('--unlock', 'kill -STOP $!'),
} as const

export type Session = keyof typeof sessions

const busConfig = (services: string) => `<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen>
<servicedir>${services}</servicedir><policy context="default"><allow send_destination="*" eavesdrop="true"/>
<allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`

const answer = z.object({ step: z.string(), result: z.string(), seconds: z.number(), keys: z.number() })

export interface SessionOptions {
  readonly password?: string
  /** The dialogue that asks for the password comes up, and nobody answers it. */
  readonly dialogue?: boolean
  /** The keychain was lost: this one is new. */
  readonly lost?: boolean
  /** Another data directory, in which nothing is yet. */
  readonly fresh?: boolean
}

export type User = ReturnType<typeof createUser>

/** A user's directory with a keychain, and our data directory in it. */
export function createUser() {
  const directory = mkdtempSync(join(tmpdir(), 'coffer-user-'))
  const services = join(directory, 'services')
  mkdirSync(services)
  writeFileSync(join(directory, 'bus.conf'), busConfig(services))

  /** Logs in, takes the steps in one process of ours, and tells what came of each. */
  async function logIn(session: Session, steps: readonly string[], options: SessionOptions = {}) {
    const runtime = mkdtempSync(join(directory, 'run-'))
    const prompter = join(services, 'prompter.service')
    rmSync(prompter, { force: true })
    if (options.dialogue === true) writeFileSync(prompter, prompterService)
    const env = {
      PATH: process.env.PATH,
      HOME: options.lost === true ? runtime : directory,
      XDG_RUNTIME_DIR: runtime,
      PROGRAM: program,
      COFFER: options.fresh === true ? runtime : directory,
      PASSWORD: options.password ?? 'right',
    }
    const shell = ['sh', '-c', sessions[session], 'sh', ...steps]
    const bus = ['dbus-run-session', `--config-file=${join(directory, 'bus.conf')}`, '--']
    const [command = '', ...args] = session === 'no bus' ? shell : [...bus, ...shell]
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'ignore'] })
    const lines = (await text(child.stdout)).trimEnd().split('\n')
    return lines.map((line) => answer.parse(JSON.parse(line)))
  }

  return { directory, logIn, [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }) }
}

const lasting = {
  unlocked: withDaemon('--unlock', ':', stay),
  hung: withDaemon('--unlock', 'kill -STOP $!', stay),
}

/** A session with a keychain that lasts; what a program needs to be in it. */
export async function keychainSession(state: keyof typeof lasting = 'unlocked') {
  const user = createUser()
  const shell = ['sh', '-c', lasting[state]]
  const child = spawn(
    'dbus-run-session',
    [`--config-file=${join(user.directory, 'bus.conf')}`, '--', ...shell],
    {
      env: {
        PATH: process.env.PATH,
        HOME: user.directory,
        XDG_RUNTIME_DIR: user.directory,
        PASSWORD: 'right',
      },
      stdio: ['pipe', 'pipe', 'ignore'],
    },
  )
  const ended = new Promise((resolve) => child.once('close', resolve))
  const [address] = await once(createInterface(child.stdout), 'line')
  return {
    env: { DBUS_SESSION_BUS_ADDRESS: String(address) },
    async [Symbol.asyncDispose]() {
      child.stdin.end()
      await ended
      user[Symbol.dispose]()
    },
  }
}

/** Comes up, and shows nothing: the dialogue waits for it. It must not hold our end of the pipe open. */
const prompterService = `[D-BUS Service]
Name=org.gnome.keyring.SystemPrompter
Exec=/bin/sh -c "exec sleep 15 >/dev/null 2>&1"
`
