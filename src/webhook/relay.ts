import { createHash, timingSafeEqual } from 'node:crypto'
import type { Secret } from '../secret.ts'

/** Whether what a relay sent is the secret agreed with it; hashed first, so that no length shows either. */
export function createRelayCheck(secret: Secret): (given: string | null) => boolean {
  const wanted = sha256(secret.open())
  return (given) => timingSafeEqual(sha256(given ?? ''), wanted) && given !== null
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
