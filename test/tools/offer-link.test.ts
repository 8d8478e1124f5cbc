import { expect, it } from 'vitest'
import { Secret } from '../../src/secret.ts'
import type { ToolContext, UrlRequest } from '../../src/tools/context.ts'
import { offerLink } from '../../src/tools/offer-link.ts'

it.each([
  ['https://plaid.com.evil.example/hosted-link', false],
  ['http://secure.plaid.com/link', false],
  ['javascript:alert(1)', false],
  ['https://secure.plaid.com/hl/made-up', true],
  ['http://127.0.0.1:8080/link/made-up', true],
])('has the client show %s: %s', async (text, isShown) => {
  const shown: UrlRequest[] = []
  const context = { elicitUrl: (request: UrlRequest) => shown.push(request), signal: AbortSignal.any([]) }
  const link = { link: { linkId: 'made-up' }, url: new Secret(text) }
  // It looks at nothing else.
  const offered = offerLink(
    link as Parameters<typeof offerLink>[0],
    'Log in.',
    context as unknown as ToolContext,
  )
  expect(await offered).toBe(isShown)
  expect(shown.map(({ url }) => url.open())).toEqual(isShown ? [text] : [])
})
