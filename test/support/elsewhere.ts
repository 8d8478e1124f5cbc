import { z } from 'zod'
import type { Household } from './coffer.ts'

const made = z.object({ public_token: z.string() })
const exchanged = z.object({ access_token: z.string(), item_id: z.string() })

/** A bank that was connected with the same keys by another program, which has its token. */
export async function connectElsewhere({ simulator }: Household, institutionId = 'ins_109508') {
  const { clientId, secret, url } = simulator
  const post = async (path: string, body: object): Promise<unknown> => {
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ client_id: clientId, secret, ...body }),
    })
    return await response.json()
  }
  const asked = { institution_id: institutionId, initial_products: ['transactions'] }
  const { public_token } = made.parse(await post('/sandbox/public_token/create', asked))
  const { access_token: token, item_id: itemId } = exchanged.parse(
    await post('/item/public_token/exchange', { public_token }),
  )
  return { token, itemId }
}
