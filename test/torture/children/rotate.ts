/** A copy that replaces the key of `argv[2]` when it is told to, and says when it has begun and when it is done. */
import { openDesk } from '../key-desk.ts'

const [, , directory = '', source] = process.argv
const { vault } = await openDesk(directory, source === 'file' ? 'file' : 'keychain')
await vault.state()
process.on('message', () => {
  process.send?.('begun')
  void vault.keys.rotate().then((rotated) => process.send?.(rotated))
})
process.send?.('ready')
