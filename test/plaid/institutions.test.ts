import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Fake, plaidError, plaidOn, startFake } from './fake-plaid.ts'

const path = '/institutions/get_by_id'

let fake: Fake
beforeAll(async () => {
  fake = await startFake()
})
afterAll(async () => {
  await fake[Symbol.asyncDispose]()
})

describe('institution', () => {
  it('asks for its name, in the countries of the household', async () => {
    fake.on(path, {
      json: { institution: { name: 'First\u202e Bank', institution_id: 'ins_1' }, request_id: 'r' },
    })
    const { plaid } = plaidOn(fake, { countryCodes: ['US', 'CA'] })
    expect(await plaid.institution('ins_1')).toBe('First Bank')
    expect(fake.requests.at(-1)).toMatchObject({
      path,
      body: { institution_id: 'ins_1', country_codes: ['US', 'CA'] },
    })
  })

  it.each([{ institution: {} }, { institution: { name: 7 } }, {}])('has none in %j', async (json) => {
    fake.on(path, { json: { ...json, request_id: 'r' } })
    expect(await plaidOn(fake).plaid.institution('ins_1')).toBeNull()
  })

  it('that Plaid does not know is refused', async () => {
    fake.on(path, plaidError('INVALID_INSTITUTION'))
    await expect(plaidOn(fake).plaid.institution('ins_none')).rejects.toMatchObject({
      plaidCode: 'INVALID_INSTITUTION',
    })
  })
})
