import { Products } from 'plaid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { minute, openPlaid, type Plaid } from '../harness.ts'

let plaid: Plaid
beforeAll(async () => {
  plaid = await openPlaid()
})
afterAll(async () => plaid[Symbol.asyncDispose]())

const products = [Products.Transactions]

async function open(fields: Parameters<Plaid['createLink']>[0] = {}) {
  const link = await plaid.createLink({ products, ...fields })
  const response = await fetch(link.url)
  return { link, response, html: await response.text() }
}

describe('the page', () => {
  it('needs no script, labels every field and says how to leave', async () => {
    const { html, response } = await open()
    expect(response.headers.get('content-type')).toContain('text/html')
    expect(html).toContain('<html lang="en">')
    expect(html).not.toContain('<script')
    for (const field of ['institution_id', 'username', 'password']) {
      expect(html).toContain(`<label for="${field}">`)
      expect(html).toContain(`id="${field}"`)
    }
    const buttons = [...html.matchAll(/name="choice" value="(\w+)"/g)].map(([, choice]) => choice)
    expect(buttons).toEqual(['success', 'wrong', 'cancel'])
    expect(html).toContain('just close this page')
  })

  it('lets nothing in from elsewhere and sends nothing elsewhere', async () => {
    const { response } = await open()
    const policy = response.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("form-action 'self';")
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  it('shows what strangers wrote as text', async () => {
    const { html } = await open({ client_name: '<b>"Mine"</b>' })
    expect(html).toContain('&lt;b&gt;&quot;Mine&quot;&lt;/b&gt;')
  })

  it('shows only the bank of the Item in update mode, with its user', async () => {
    const login = { username: 'user_transactions_dynamic', password: 'any', institution: 'ins_109509' }
    const { access_token } = await plaid.connect(products, login)
    const link = await plaid.createLink({ access_token })
    const html = await (await fetch(link.url)).text()
    expect(html.match(/<option /g)).toHaveLength(1)
    expect(html).toContain('First Gingham Credit Union')
    expect(html).toContain('value="user_transactions_dynamic"')
  })
})

describe('where it leads', () => {
  it.each(['success', 'cancel'] as const)(
    'back to the asker after %s, as its policy allows',
    async (choice) => {
      const completion_redirect_uri = 'http://127.0.0.1:8766/done?link=1'
      const { link, response } = await open({ hosted_link: { completion_redirect_uri } })
      expect(response.headers.get('content-security-policy')).toContain(
        "form-action 'self' http://127.0.0.1:8766;",
      )
      const click = await plaid.controls.clickLink(link.url, choice)
      expect(click.redirectedTo).toBe(completion_redirect_uri)
    },
  )

  it('to a scheme of an app, too', async () => {
    const { response } = await open({ hosted_link: { completion_redirect_uri: 'coffer:done' } })
    expect(response.headers.get('content-security-policy')).toContain("form-action 'self' coffer:;")
  })

  it('to a page that says so, where nobody is to go back to', async () => {
    const { link } = await open()
    const click = await plaid.controls.clickLink(link.url, 'success')
    expect(click).toEqual({ redirectedTo: null, heading: 'You are connected', refusal: null })
  })

  it('nowhere after the link has expired', async () => {
    await using own = await openPlaid()
    const link = await own.createLink({ products })
    own.controls.advance(30 * minute)
    const response = await fetch(link.url)
    expect(response.status).toBe(410)
    await expect(own.controls.clickLink(link.url, 'success')).rejects.toThrow('This link has expired')
    expect(await own.sessionsOf(link.token)).toEqual([])
  })

  it('nowhere without a link', async () => {
    expect((await fetch(`${plaid.url}/link/${'x'.repeat(37)}`)).status).toBe(404)
  })
})
