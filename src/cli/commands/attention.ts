import { attentionLine } from '../../tools/attention-line.ts'
import type { Session } from '../command.ts'

/**
 * One line when a bank needs its owner, else nothing: for a host to show when a session starts. It asks nobody, and a
 * failure is silent: whoever starts a session did not ask for this, and every other command says what is wrong.
 */
export async function attention({ opened, print }: Session): Promise<void> {
  try {
    const { home, environment } = opened.config()
    const line = attentionLine(home, environment)
    if (line !== null) print(line)
  } catch {}
}
