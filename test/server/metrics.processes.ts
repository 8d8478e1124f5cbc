import { expect, it } from 'vitest'
import { connectBank, household } from '../support/coffer.ts'
import { freePort } from '../support/port.ts'
import { until } from '../support/until.ts'

it('the copy that leads tells how it fares, where that is asked for', async () => {
  await using house = await household()
  const port = await freePort()
  const copy = await house.start({ COFFER_METRICS: 'on', COFFER_PAGES_PORT: String(port) })
  await connectBank(copy)
  const asked = (path: string) => fetch(`http://127.0.0.1:${port}${path}`)
  await until(async () => (await asked('/healthz').catch(() => null))?.status === 200)
  await until(async () => (await (await asked('/metrics')).text()).includes('\ncoffer_leads 1\n'))
  expect(await (await asked('/metrics')).text()).toContain('\ncoffer_connections{status="active"} 1\n')
})
