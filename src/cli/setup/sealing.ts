import type { Surroundings } from '../../config.ts'
import { sentencesOf } from '../../errors.ts'
import { settings } from '../../settings.ts'
import type { Session } from '../command.ts'
import { openLater } from '../open.ts'
import { assignment } from './keep.ts'

/** Whether tokens can be sealed by what is set now. If not, no bank can be connected: that is told, with what to do. */
export async function tellSealing({ print }: Session, surroundings: Surroundings): Promise<boolean> {
  const opened = openLater(surroundings)
  try {
    const { connections } = await opened.appWithoutKeys()
    const vault = await connections.vaultState()
    if (vault.state === 'ok') return true
    const why =
      opened.config().key.source === 'keychain' ? otherPlaces(vault.why.message) : sentencesOf(vault.why)
    print(`No bank can be connected yet, since there is no key to seal its token with. ${why}`)
    return false
  } finally {
    await opened.close()
  }
}

function otherPlaces(problem: string): string {
  const passphrase = assignment(settings.passphrase.variable, '(at least 16 characters)', process.platform)
  return [
    problem,
    'Set a passphrase where coffer-mcp is started:',
    `  ${passphrase}`,
    'or let a file have the key: coffer-mcp setup --key file:PATH',
  ].join('\n')
}
