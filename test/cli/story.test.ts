import { expect, it } from 'vitest'
import { finishLink } from '../../src/simulator/click.ts'
import { startSimulator } from '../../src/simulator/index.ts'
import { freshEnv, run, start } from './process.ts'

const steps = [
  'The server is started',
  'Two banks and a brokerage are connected',
  '"How am I doing?"',
  '"What do we hold?"',
  'One bank wants a new login',
  'It is repaired from the chat',
  'The snapshot is whole again',
]

it('demo tells the whole story without keys, and ends well', async () => {
  const { HOME = '', PATH = '' } = freshEnv()
  const { code, stdout, stderr } = await run(['demo'], { HOME, PATH })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  for (const [index, step] of steps.entries()) expect(stdout).toContain(`${index + 1}. ${step}`)
  expect(stdout).toMatch(/needs_reauth.*Complete: every bank is fresh\..*is active now\.\s+The demo is done/s)
})

it('demo --sandbox tells the same on keys of their own, the person filling in the pages', async () => {
  await using simulator = await startSimulator({ readyAfterMs: 0 })
  const keys = {
    PLAID_CLIENT_ID: simulator.clientId,
    PLAID_SECRET: simulator.secret,
    PLAID_BASE_URL: simulator.url,
  }
  const story = start(['demo', '--sandbox'], { ...freshEnv(), ...keys })
  const banks = ['ins_109508', 'ins_109511', 'ins_109512', 'ins_109508']
  for (const [index, institutionId] of banks.entries()) {
    const urls = () => story.stdout().match(/http:\/\/127\.0\.0\.1:\d+\/link\/\w+/g) ?? []
    await expect.poll(() => urls().length, { timeout: 20_000 }).toBe(index + 1)
    await finishLink(urls().at(-1) ?? '', 'success', {
      institutionId,
      username: 'user_good',
      password: 'pass_good',
    })
  }
  const { code, stdout } = await story.ended
  expect(code).toBe(0)
  for (const step of steps) expect(stdout).toContain(step)
  expect(simulator.controls.items()).toHaveLength(3)
})

const away = { PLAID_CLIENT_ID: 'id', PLAID_SECRET: 's', PLAID_BASE_URL: 'http://127.0.0.1:1' }

it.each([
  ['no keys', {}, 78, /PLAID_CLIENT_ID/],
  ['a Plaid that is away', away, 69, /PLAID_UNREACHABLE: connect_bank: /],
] as const)('demo --sandbox with %s says what is wrong', async (_what, keys, expected, says) => {
  const { code, stderr } = await run(['demo', '--sandbox'], { ...freshEnv(), ...keys })
  expect(stderr).toMatch(says)
  expect(code).toBe(expected)
})
