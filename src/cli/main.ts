import { parseArgs } from 'node:util'
import { optionsOfSettings } from './flags.ts'

/** With no command it serves MCP on stdio, without loading what only commands need. */
export async function main(argv: string[], env: NodeJS.ProcessEnv): Promise<void> {
  // Files that a library creates by itself must not be readable by others either.
  process.umask(0o077)
  const { positionals, values, tokens } = parseArgs({
    args: argv,
    options: optionsOfSettings,
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const fits = tokens.every((token) => token.kind !== 'option' || isFlag(token.name, token.value))
  if (positionals.length === 0 && fits) {
    const { serve } = await import('./serve.ts')
    const { demo, ...flags } = values
    return await serve({ flags: textFlags(flags), env, demo: demo === true })
  }
  const { runCommand } = await import('./program.ts')
  await runCommand(argv, env)
  await written(process.stdout)
  // A keychain dialogue that nobody answers would keep the process for as long as it stands open.
  process.exit()
}

/** A switch takes no value, and every other flag has one; what does not fit is refused with the usage. */
function isFlag(name: string, value: string | undefined): boolean {
  const option = optionsOfSettings[name]
  return option !== undefined && (value === undefined) === (option.type === 'boolean')
}

/** Resolves when all that was printed is with the reader, who may be slower than we are. */
function written(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()))
}

function textFlags(values: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, value === true ? 'on' : String(value)]),
  )
}
