import { type Surroundings, userHome } from '../../config.ts'
import { clientNames } from '../client-config.ts'
import { describe, exitCodeOf, exitCodes, type Session } from '../command.ts'
import { connect } from '../commands/connect.ts'
import { editHost } from '../commands/install.ts'
import { hostsOn } from '../hosts.ts'
import { openLater } from '../open.ts'
import { terminal } from './dialogue.ts'

/** What comes next: a bank, where one can be connected, and the clients that are here. A no is no failure, since all is written by now. */
export async function offerMore(
  session: Session,
  surroundings: Surroundings,
  canConnect: boolean,
): Promise<number> {
  const code = canConnect ? await offerBank(session, surroundings) : exitCodes.ok
  await offerClients(surroundings)
  return code
}

async function offerBank(session: Session, surroundings: Surroundings): Promise<number> {
  if (!(await wants('Connect a bank now?'))) {
    session.tell('Later: coffer-mcp connect, or ask your assistant for it.')
    return exitCodes.ok
  }
  const opened = openLater(surroundings)
  try {
    return await connect({ ...session, opened }, { kind: 'bank' })
  } catch (error) {
    session.tell(describe(error))
    return exitCodeOf(error)
  } finally {
    await opened.close()
  }
}

async function offerClients({ flags, env }: Surroundings): Promise<void> {
  const home = userHome(env)
  const lasting = flags.home === undefined ? env : { ...env, COFFER_HOME: flags.home }
  for (const { client, isInstalled, entry } of hostsOn({ home, env, platform: process.platform })) {
    if (!isInstalled || entry !== undefined) continue
    if (await wants(`Add Coffer to ${clientNames[client]}?`))
      await editHost({ client, uninstall: false, options: {}, env: lasting })
  }
}

/** Who stops here has had enough; what was written stays. */
async function wants(question: string): Promise<boolean> {
  return await terminal.yes(question, true).catch(() => false)
}
