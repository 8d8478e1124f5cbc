/** A copy that connects and uses banks in `argv[2]` until it is told to stop: says how many, and what did not open. */
import { setImmediate } from 'node:timers/promises'
import { isCofferError } from '../../../src/errors.ts'
import { addToken, openDesk, unopened } from '../key-desk.ts'

const [, , directory = '', source, name = ''] = process.argv
const desk = await openDesk(directory, source === 'file' ? 'file' : 'keychain')
const stop = new AbortController()
process.on('message', () => stop.abort())
process.send?.('ready')

const wrong: string[] = []
let added = 0
let again = 0
while (!stop.signal.aborted) {
  const itemId = `${name}-${added}`
  try {
    await addToken(desk, itemId)
    added += 1
  } catch (error) {
    // Sealed with a key that was retired before it could be kept: nothing is lost, it is sealed anew.
    if (!isCofferError(error, 'VAULT_LOCKED') || !error.retryable) throw error
    again += 1
  }
  wrong.push(...(await unopened(desk)))
  // The database answers without waiting, so that nothing else would ever be heard.
  await setImmediate()
}
process.send?.({ added, again, wrong })
