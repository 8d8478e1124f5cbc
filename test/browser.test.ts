import { expect, it } from 'vitest'
import { openInBrowser } from '../src/browser.ts'
import { Secret } from '../src/secret.ts'

it.each([
  'https://plaid.com.evil.com/hosted-link',
  'http://secure.plaid.com/link',
  'https://user:pass@secure.plaid.com/link',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'ms-settings:',
  'not a url',
  '-a Calculator',
  '',
])('never opens %j: only a page of Plaid or of this machine', async (url) => {
  expect(await openInBrowser(new Secret(url))).toBe(false)
})
