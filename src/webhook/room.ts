import { singleHeader } from './headers.ts'
import { readJws } from './jws.ts'
import type { WebhookKeys } from './keys.ts'

/** Whether a request of these headers can be judged now. The body of one that would be turned away is not even read. */
export type HasRoom = (rawHeaders: readonly string[]) => boolean

export function createRoom(keys: Pick<WebhookKeys, 'hasRoomFor'>): HasRoom {
  return (rawHeaders) => {
    const read = readJws(singleHeader(rawHeaders, 'plaid-verification') ?? '')
    return read === null || keys.hasRoomFor(read.kid)
  }
}
