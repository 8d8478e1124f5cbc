import { realpathSync } from 'node:fs'
import { confirm, isCancel } from '@clack/prompts'
import { readConfig, userHome } from '../../config.ts'
import { clients } from '../client-config.ts'
import { exitCodes } from '../command.ts'
import { runInstall } from '../install.ts'

export interface HostEdit {
  readonly client: string
  readonly uninstall: boolean
  readonly options: Readonly<Record<string, unknown>>
  readonly env: Readonly<Record<string, string | undefined>>
}

export async function editHost({ client: name, uninstall, options, env }: HostEdit): Promise<number> {
  const client = clients.find((known) => known === name)
  if (client === undefined) {
    console.error(`There is no host "${name}"; it is one of ${clients.join(', ')}.`)
    return exitCodes.usage
  }
  const { lines, exitCode } = await runInstall({
    client,
    uninstall,
    dryRun: options.dryRun === true,
    yes: options.yes === true,
    demo: options.demo === true,
    withKeys: options.withKeys === true,
    keysInKeychain: areInKeychain(env),
    home: userHome(env),
    env,
    platform: process.platform,
    execPath: process.execPath,
    script: realpathSync(process.argv[1] ?? ''),
    now: new Date(),
    ...(process.stdin.isTTY && process.stdout.isTTY ? { confirm: ask } : {}),
  })
  for (const text of lines) console.log(text)
  return exitCode
}

/** Settings that cannot be read are told by the server that is installed. */
function areInKeychain(env: HostEdit['env']): boolean {
  try {
    return readConfig({ flags: {}, env }).keysInKeychain
  } catch {
    return false
  }
}

async function ask(plan: readonly string[]): Promise<boolean> {
  for (const text of plan) console.log(text)
  const answer = await confirm({ message: 'Write this?' })
  return !isCancel(answer) && answer
}
