import type { IncomingMessage } from 'node:http'

export const bodyLimit = 64 * 1024

/** The raw bytes; 'too_large' as soon as there are more than may be, 'broken_off' when the sender went away. */
export async function readBody(incoming: IncomingMessage): Promise<Buffer | 'too_large' | 'broken_off'> {
  if (Number(incoming.headers['content-length'] ?? 0) > bodyLimit) return 'too_large'
  const chunks: Buffer[] = []
  let size = 0
  try {
    // The socket is still needed for the answer.
    for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
      const bytes: Buffer = chunk
      size += bytes.length
      if (size > bodyLimit) return 'too_large'
      chunks.push(bytes)
    }
  } catch {
    return 'broken_off'
  }
  return Buffer.concat(chunks, size)
}
