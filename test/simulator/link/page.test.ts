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

describe('the choice of accounts', () => {
  const update = { account_selection_enabled: true }

  async function idsOf(access_token: string): Promise<string[]> {
    const { data } = await plaid.sdk.accountsGet({ access_token })
    return data.accounts.map(({ account_id }) => account_id)
  }

  it('ticks what is shared and what is new, each with a label', async () => {
    const { access_token, item_id } = await plaid.connect(products)
    const before = await idsOf(access_token)
    plaid.controls.revokeAccount(item_id, before[0] ?? '')
    const added = plaid.controls.addAccount(item_id)
    const link = await plaid.createLink({ access_token, update })
    const html = await (await fetch(link.url)).text()
    expect(html).toContain('<legend>Accounts to share</legend>')
    expect(html).toContain(`value="${before[0]}"  />`)
    for (const id of [...before.slice(1), added]) expect(html).toContain(`value="${id}" checked />`)
    expect(html.match(/<label><input type="checkbox"/g)).toHaveLength(before.length + 1)
  })

  it('shares what is ticked and nothing else, until it is made again', async () => {
    const { access_token, item_id } = await plaid.connect(products)
    const all = await idsOf(access_token)
    const added = plaid.controls.addAccount(item_id)
    const choose = async (accountIds: string[]) => {
      const link = await plaid.createLink({ access_token, update })
      return plaid.controls.clickLink(link.url, 'success', { accountIds })
    }
    await choose([added])
    expect(await idsOf(access_token)).toEqual([added])
    await choose(all)
    expect(await idsOf(access_token)).toEqual(all)
    const nothing = await choose([])
    expect(nothing.refusal).not.toBeNull()
    expect(await idsOf(access_token)).toEqual(all)
  })

  it('is kept while the person tries another password', async () => {
    const { access_token } = await plaid.connect(products)
    const [kept = ''] = await idsOf(access_token)
    const link = await plaid.createLink({ access_token, update })
    const opened = await (await fetch(link.url)).text()
    const action = /action="([^"]*)"/.exec(opened)?.[1] ?? ''
    const body = new URLSearchParams({ choice: 'wrong', account_id: kept })
    const html = await (await fetch(plaid.url + action, { method: 'POST', body })).text()
    const ticked = [...html.matchAll(/value="(\w+)" checked/g)].map(([, id]) => id)
    expect(ticked).toEqual([kept])
  })

  it('is not offered where it was not asked for, nor to a new connection', async () => {
    const { access_token } = await plaid.connect(products)
    const link = await plaid.createLink({ access_token })
    expect(await (await fetch(link.url)).text()).not.toContain('type="checkbox"')
    const { html } = await open({ update })
    expect(html).not.toContain('type="checkbox"')
  })
})

it('the page says what is asked for besides', async () => {
  const { access_token } = await plaid.connect(products)
  const additional_consented_products = [Products.Liabilities, Products.Investments]
  const link = await plaid.createLink({ access_token, additional_consented_products })
  expect(await (await fetch(link.url)).text()).toContain('It also asks for: liabilities, investments.')
})

describe('update mode', () => {
  const completion_redirect_uri = 'http://127.0.0.1:8766/done?link=1'
  const hosted_link = { completion_redirect_uri }

  it.each(['success', 'cancel'] as const)('leads back to the asker after %s', async (choice) => {
    const { access_token } = await plaid.connect(products)
    const link = await plaid.createLink({ access_token, hosted_link })
    const click = await plaid.controls.clickLink(link.url, choice)
    expect(click.redirectedTo).toBe(completion_redirect_uri)
  })

  it('goes on from a closed tab and a wrong password in sessions of their own', async () => {
    const { access_token, item_id } = await plaid.connect(products)
    plaid.controls.resetLogin(item_id)
    const link = await plaid.createLink({ access_token, hosted_link })
    await fetch(link.url)
    const wrong = await plaid.controls.clickLink(link.url, 'wrong')
    expect(wrong).toMatchObject({ redirectedTo: null, refusal: expect.stringContaining('credentials') })
    expect(await plaid.codeOf('/accounts/get', { access_token })).toBe('ITEM_LOGIN_REQUIRED')
    await plaid.controls.clickLink(link.url, 'cancel')
    await plaid.controls.clickLink(link.url, 'success')
    const sessions = await plaid.sessionsOf(link.token)
    const ends = sessions.map(({ finished_at, exit }) => [finished_at != null, exit != null])
    expect(ends).toEqual([
      [false, false],
      [false, false],
      [true, true],
      [true, false],
    ])
    expect(await plaid.codeOf('/accounts/get', { access_token })).toBe('OK')
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
