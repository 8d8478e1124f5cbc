import { Argument, Command, InvalidArgumentError, Option } from 'commander'
import type { Surroundings } from '../config.ts'
import { settings } from '../settings.ts'
import { day } from '../tools/days.ts'
import { version } from '../version.ts'
import { audited } from './audited.ts'
import { exitCodes, runSession, type Session } from './command.ts'
import { audit } from './commands/audit.ts'
import { backup } from './commands/backup.ts'
import { attention } from './commands/attention.ts'
import { call } from './commands/call.ts'
import { connect } from './commands/connect.ts'
import { doctor } from './commands/doctor.ts'
import { erase } from './commands/erase.ts'
import { exportable, exportData } from './commands/export.ts'
import { keysRetire, keysRotate, keysStatus } from './commands/keys.ts'
import { listen } from './commands/listen.ts'
import { list, positions, sync, tokensAnalytics } from './commands/read.ts'
import { open } from './commands/open.ts'
import { reauth } from './commands/reauth.ts'
import { restore } from './commands/restore.ts'
import { importTokens } from './commands/import.ts'
import { cleanup, revoke } from './commands/tokens.ts'
import { switches } from './flags.ts'

type Env = NodeJS.ProcessEnv
/** What commander makes of the flags: text, or true for a switch; false for `--no-…`; parsed numbers. */
type Options = Record<string, string | number | boolean | undefined>

/** Every command of DESIGN's list that exists, with its help. */
export async function runCommand(argv: string[], env: Env): Promise<void> {
  const program = new Command('coffer-mcp')
    .description(
      'Your bank and brokerage data for an AI assistant, through your own Plaid keys.\nWith no command it serves MCP on stdio, as a host such as Claude starts it.',
    )
    .version(version)
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: false })
    .exitOverride((error) => process.exit(error.exitCode === 0 ? exitCodes.ok : exitCodes.usage))
  addSetup(program, env)
  addReading(program, env)
  addExport(program, env)
  addLinking(program, env)
  addKeys(program, env)
  addErase(program, env)
  addBackups(program, env)
  addTools(program, env)
  addHosts(program, env)
  addDemo(program, env)
  await program.parseAsync(argv, { from: 'user' })
}

/** Every command takes the settings as flags, and --demo. */
function command(parent: Command, name: string, description: string): Command {
  const made = parent
    .command(name)
    .description(description)
    .option('--demo', 'use the simulated banks, in a data directory of their own')
  for (const { flag, variable } of Object.values(settings)) {
    if (flag === null) continue
    made.option(switches.includes(flag) ? `--${flag}` : `--${flag} <value>`, `instead of ${variable}`)
  }
  return made.addHelpText('after', '\nWhat each setting is for, and what it takes: docs/config.md.')
}

type Work = (session: Session, options: Options) => Promise<number | void>

function run(env: Env, options: Options, work: Work): Promise<void> {
  return runSession(surroundingsOf(env, options), { json: options.json === true }, (session) =>
    work(session, options),
  )
}

function surroundingsOf(env: Env, options: Options): Surroundings {
  const flags: Record<string, string> = Object.fromEntries(
    Object.values(settings).flatMap(({ flag }) => {
      const value = flag === null ? undefined : options[camel(flag)]
      return flag === null || value === undefined ? [] : [[flag, value === true ? 'on' : String(value)]]
    }),
  )
  if (options.browser === false) flags.open = 'off'
  return { flags, env, demo: options.demo === true }
}

function camel(flag: string): string {
  return flag.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}

function addSetup(program: Command, env: Env): void {
  command(program, 'setup', 'settle the Plaid keys and the settings, step by step; again to change them')
    .option('--yes', 'do not ask: take what is given by flags, the environment and earlier runs')
    .option('--client-id <id>', 'instead of PLAID_CLIENT_ID')
    .option('--secret-stdin', 'read the secret from stdin, instead of PLAID_SECRET')
    .option('--polling', 'no webhooks: take COFFER_WEBHOOK_URL away')
    .action(async (options: Options) => {
      const { setup } = await import('./commands/setup.ts')
      const surroundings = surroundingsOf(env, options)
      const { clientId } = texts(options, ['clientId'])
      const settled = {
        yes: options.yes === true,
        clientId,
        secretStdin: options.secretStdin === true,
        polling: options.polling === true,
      }
      await run(env, options, (session) => setup(session, settled, surroundings))
    })
}

function addReading(program: Command, env: Env): void {
  command(program, 'list', 'list the connections, their accounts and what is wrong with them')
    .option('--refresh', 'check each login at Plaid now')
    .option('--attention', 'one line if a bank needs its owner, else nothing; asks nobody, and never fails')
    .option('--hook', 'with --attention: as the JSON that a hook of Claude Code prints, of production too')
    .option('--json', 'print JSON alone')
    .action((options: Options) =>
      run(env, options, options.attention === true ? attention : audited('list', list)),
    )
  command(program, 'sync', 'fetch what is old and show the financial snapshot')
    .option('--days <number>', 'length of the window', whole(1, 730))
    .option('--max-age <minutes>', 'fetch what is older than this; 0 = everything', whole(-1, 10_080))
    .option('--live-balances', 'balances of this minute, by the call that Plaid bills')
    .option('--json', 'print JSON alone')
    .action((options: Options) => run(env, options, audited('sync', sync)))
  command(program, 'positions', 'show all holdings')
    .option('--item-id <id>', 'of one connection')
    .option('--group-by <what>', 'none, security, type or account')
    .option('--json', 'print JSON alone')
    .action((options: Options) => run(env, options, audited('positions', positions)))
  command(program, 'open', 'open the local pages: connections, what is wrong with them, and the repair')
    .option('--no-browser', 'only print the link')
    .option('--json', 'print JSON alone')
    .action((options: Options) => run(env, options, open))
  const tokens = program
    .command('tokens')
    .description('the access tokens that are kept here: count, clean up, remove')
  command(tokens, 'analytics', 'count tokens by state, bank and age')
    .option('--json', 'print JSON alone')
    .action((options: Options) => run(env, options, audited('tokens analytics', tokensAnalytics)))
  addRemoving(tokens, env)
}

function addRemoving(tokens: Command, env: Env): void {
  command(tokens, 'cleanup', 'check every token at Plaid, and remove those that are over or unused for long')
    .option('--days <number>', 'unused by a person for so many days is too long', whole(1, 3650))
    .option('--dry-run', 'only show what would be removed')
    .option('--yes', 'do not ask')
    .option('--json', 'print JSON alone')
    .action((options: Options) => run(env, options, audited('tokens cleanup', cleanup)))
  command(tokens, 'import', 'keep access tokens that you have already, as JSON on standard input')
    .option('--keep', 'import one although its login is connected already')
    .option('--json', 'print JSON alone')
    .action((options: Options) => run(env, options, audited('tokens import', importTokens)))
  command(tokens, 'revoke', 'end a connection at Plaid, and delete everything that is kept of it')
    .argument('[item_id]')
    .option('--all', 'every connection')
    .option('--yes', 'do not ask')
    .option('--json', 'print JSON alone')
    .action((itemId: string | undefined, options: Options) =>
      run(
        env,
        options,
        audited('tokens revoke', (session) => revoke(session, itemId, options)),
      ),
    )
}

function addExport(program: Command, env: Env): void {
  command(program, 'export', 'write transactions, balances by day or kept snapshots as CSV or JSON')
    .addArgument(new Argument('<what>').choices(exportable))
    .addOption(new Option('--format <format>', 'csv or json').choices(['csv', 'json']).default('csv'))
    .option('--json', 'the same as --format json')
    .option('--from <day>', 'first day, YYYY-MM-DD', dayOf)
    .option('--to <day>', 'last day', dayOf)
    .option('--out <file>', 'into a new file of your own, not to stdout')
    .option('--yes', 'write over a file that is there')
    .action((what: (typeof exportable)[number], options: Options) =>
      // What is printed is data alone, so that all else goes to stderr, as with --json.
      run(
        env,
        { ...options, json: true },
        audited(`export ${what}`, (session) =>
          exportData(session, what, {
            ...texts(options, ['from', 'to', 'out']),
            json: options.json === true || options.format === 'json',
            yes: options.yes === true,
          }),
        ),
      ),
    )
}

/** Those of the options that were given. */
function texts<const N extends string>(options: Options, names: readonly N[]): { [K in N]?: string } {
  const given: { [K in N]?: string } = {}
  for (const name of names) {
    const value = options[name]
    if (typeof value === 'string') given[name] = value
  }
  return given
}

function addLinking(program: Command, env: Env): void {
  command(program, 'connect', 'connect a bank through a Plaid Link page')
    .option('--kind <kind>', 'bank or brokerage', 'bank')
    .option('--label <text>', 'a name of your own for it')
    .option('--person <text>', 'whose login it is')
    .option('--replaces <item_id>', 'an expired connection that this one follows')
    .option('--keep', 'connect although the login is connected already')
    .option('--no-browser', 'only print the link')
    .option('--json', 'print JSON alone')
    .action((options: Options) => run(env, options, audited('connect', connect)))
  command(program, 'reauth', 'repair a login that broke')
    .option('--item-id <id>', 'of this connection')
    .option('--no-browser', 'only print the link')
    .option('--add-accounts', 'let the person choose accounts again')
    .option('--add-products <names>', 'kinds of data to add, comma-separated')
    .option('--force', 'make a link although the login works')
    .option('--json', 'print JSON alone')
    .action((options: Options) => run(env, options, audited('reauth', reauth)))
}

function addKeys(program: Command, env: Env): void {
  const keys = program.command('keys').description('the keys that seal access tokens: look, replace, delete')
  command(keys, 'status', 'show every key, where it is kept, and how much it seals')
    .option('--json', 'print JSON alone')
    .action((options: Options) => run(env, options, keysStatus))
  command(keys, 'rotate', 'make a new key where COFFER_KEY says, and seal everything with it')
    .option('--json', 'print JSON alone')
    .action((options: Options) => run(env, options, audited('keys rotate', keysRotate)))
  command(keys, 'retire', 'delete the keys that nothing is sealed with any more')
    .option('--json', 'print JSON alone')
    .action((options: Options) => run(env, options, audited('keys retire', keysRetire)))
}

function addErase(program: Command, env: Env): void {
  command(program, 'erase', 'end every connection at Plaid, and delete all that Coffer has on this machine')
    .option('--yes', 'do not ask')
    .option('--even-without-plaid', 'go on where Plaid does not confirm that a connection has ended')
    .option('--json', 'print JSON alone')
    .action((options: Options) =>
      run(
        env,
        options,
        audited('erase', (session) =>
          erase(session, {
            yes: options.yes === true,
            evenWithoutPlaid: options.evenWithoutPlaid === true,
          }),
        ),
      ),
    )
}

function addBackups(program: Command, env: Env): void {
  command(program, 'backup', 'write everything that is kept into a file of its own, as every day, now')
    .option('--json', 'print JSON alone')
    .action((options: Options) => run(env, options, audited('backup', backup)))
  command(program, 'restore', 'go back to a backup; what is there now is kept')
    .argument('[file]', 'a path, or a name that --list shows; default: the newest that is good')
    .option('--list', 'only show what there is')
    .option('--yes', 'do not ask')
    .option('--json', 'print JSON alone')
    .action((file: string | undefined, options: Options) =>
      run(
        env,
        options,
        audited('restore', (session) =>
          restore(session, { file, list: options.list === true, yes: options.yes === true }),
        ),
      ),
    )
}

function addTools(program: Command, env: Env): void {
  command(program, 'call', 'call any tool, with its arguments as JSON')
    .argument('<tool>')
    .argument('[arguments]', 'a JSON object', '{}')
    .option('--json', 'print JSON alone (it always does)')
    .action((tool: string, args: string, options: Options) =>
      run(
        env,
        options,
        audited(`call ${tool}`, (session) => call(session, tool, args)),
      ),
    )
  command(program, 'doctor', 'check keys, key store, database, connections and surroundings')
    .option('--json', 'print JSON alone')
    .action((options: Options) => run(env, options, (session) => doctor(session, env)))
  command(program, 'audit', 'show what was done here: every call, command and change of a connection')
    .option('--from <day>', 'first day, YYYY-MM-DD', dayOf)
    .option('--to <day>', 'last day', dayOf)
    .option('--item-id <id>', 'about this connection')
    .option('--limit <number>', 'how many rows, the newest first', whole(1, 10_000), 50)
    .option('--json', 'print JSON alone')
    .action((options: Options) =>
      run(env, options, (session) =>
        audit(session, { ...texts(options, ['from', 'to', 'itemId']), limit: Number(options.limit) }),
      ),
    )
  command(
    program,
    'listen',
    'take webhooks and do the background work without MCP, for a service manager',
  ).action((options: Options) => run(env, options, listen))
}

function addHosts(program: Command, env: Env): void {
  for (const name of ['install', 'uninstall'] as const) {
    program
      .command(name)
      .description(name === 'install' ? 'add Coffer to a host' : 'take Coffer out of a host')
      .argument('<client>', 'claude-desktop or claude-code')
      .option('--yes', 'do not ask')
      .option('--dry-run', 'only show what would be written')
      .option('--demo', 'with the simulated banks')
      .option('--with-keys', 'write the Plaid keys that are set now into the file')
      .action(async (client: string, options: Options) => {
        const { editHost } = await import('./commands/install.ts')
        process.exitCode = await editHost({ client, uninstall: name === 'uninstall', options, env })
      })
  }
}

function addDemo(program: Command, env: Env): void {
  program
    .command('demo')
    .description('tell the whole story on simulated banks: connect, look, break, repair')
    .option('--sandbox', "on Plaid's own Sandbox, with your keys")
    .action(async (options: Options) => {
      const { demo } = await import('./demo/story.ts')
      process.exitCode = await demo({ sandbox: options.sandbox === true, env })
    })
}

function whole(min: number, max: number) {
  return (text: string): number => {
    const value = Number(text)
    if (Number.isInteger(value) && value >= min && value <= max) return value
    throw new InvalidArgumentError(`Not a whole number from ${min} to ${max}.`)
  }
}

function dayOf(text: string): string {
  const { success } = day.safeParse(text)
  if (success) return text
  throw new InvalidArgumentError('Not a day of the calendar such as 2026-11-02.')
}
