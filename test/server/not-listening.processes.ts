import { expect, it, onTestFinished } from 'vitest'
import { type Copy, household } from '../support/coffer.ts'
import { stranger } from '../support/port.ts'
import { until } from '../support/until.ts'

async function isSaid(copy: Copy): Promise<boolean> {
  const { warnings } = await copy.call('list_connections')
  return warnings.some(({ code, text }) => code === 'NOT_LISTENING' && text.includes('COFFER_PORT'))
}

it('a port that a stranger has is said in the chat while webhooks are wanted, until it is free', async () => {
  const house = await household()
  onTestFinished(() => house[Symbol.asyncDispose]())
  const other = await stranger()
  const copy = await house.start({
    COFFER_PORT: String(other.port),
    COFFER_WEBHOOK_URL: 'https://tunnel.example.test/plaid/webhook',
  })
  await until(() => isSaid(copy))
  expect(await isSaid(await house.start())).toBe(false)
  await other.leave()
  await until(async () => !(await isSaid(copy)))
})
