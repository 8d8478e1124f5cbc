import { expect, it, onTestFinished } from 'vitest'
import { paths } from './paths.ts'
import { say } from './report.ts'
import { having, type HttpRequest } from './request.ts'
import { type Heard, rounds, sender } from './sender.ts'
import { target } from './target.ts'

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
/** What may be in an answer; none of it says who we are. */
const harmless = new Set([
  'allow',
  'cache-control',
  'connection',
  'content-length',
  'content-security-policy',
  'content-type',
  'date',
  'keep-alive',
  'referrer-policy',
  'transfer-encoding',
  'x-content-type-options',
])

const asIs = (request: HttpRequest) => request
const fromTheWeb = (request: HttpRequest) =>
  having(having(request, 'Host', 'evil.example'), 'Origin', 'https://evil.example')

it('nothing but the webhook answers, and no answer says more than no', async () => {
  const plaid = await target()
  const warnings: string[] = []
  const warned = ({ message }: Error) => void warnings.push(message)
  process.on('warning', warned)
  onTestFinished(() => void process.off('warning', warned))
  const send = sender(plaid.port, 8)
  const asked = [...paths, '/plaid/webhook'].flatMap((path) =>
    methods.flatMap((method) => [asIs, fromTheWeb].map((from) => ({ method, path, from }))),
  )
  const heard: (Heard & { readonly what: string })[] = []
  await rounds(asked.length, 8, async (round) => {
    const { method, path, from } = asked[round] ?? { method: '', path: '', from: asIs }
    // What is asked of other paths is a webhook that would be good; where it would be, its proof is missing.
    const request = { ...plaid.request(), line: `${method} ${path} HTTP/1.1` }
    const sent = from(path === '/plaid/webhook' ? having(request, 'Plaid-Verification') : request)
    heard.push({ ...(await send(sent)), what: `${method} ${path} ${from.name}` })
  })

  const statuses = Map.groupBy(heard, ({ status }) => status)
  const counts = [...statuses].map(([status, all]) => `${status}: ${all.length}`).toSorted()
  say(
    `surface: ${heard.length} requests of ${paths.length + 1} paths by ${methods.length} methods, from here and from a web page; ${counts.join(', ')}; 200: ${statuses.get(200)?.length ?? 0} (target 0)`,
  )
  expect(paths).toHaveLength(200)
  expect(new Set(paths).size).toBe(200)
  expect(
    heard
      .filter(({ status }) => ![400, 401, 403, 404, 405].includes(status))
      .map(({ what, status }) => [what, status]),
  ).toEqual([])
  expect(heard.filter(({ text }) => text !== 'no' && text !== '').map(({ what }) => what)).toEqual([])
  expect(
    [...new Set(heard.flatMap(({ headers }) => Object.keys(headers)))].filter((name) => !harmless.has(name)),
  ).toEqual([])
  expect(await plaid.stored()).toBe(0)
  // Such as that listeners pile up, on a connection that is kept.
  expect(warnings).toEqual([])
  expect((await send(plaid.request())).status).toBe(200)
})
