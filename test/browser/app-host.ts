import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { build } from 'esbuild'
import type { FrameLocator, Page } from 'playwright-core'
import { noiseOf } from './chromium.ts'
import type { Stage } from './stage.ts'

/** A tool's result as a host shows it: the server's own page in a frame of another origin, without any network. */
export interface Shown extends AsyncDisposable {
  readonly page: Page
  readonly view: FrameLocator
  /** Tools that the view has called, and pages that it has asked the host to open. */
  readonly called: { name: string; arguments?: Record<string, unknown> }[]
  readonly opened: string[]
  readonly noise: string[]
}

/** What the specification has a host say of a page that names no domains. */
const policy =
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; connect-src 'none'"

/** What kind of host it is; as they come by default. */
export interface Manners {
  readonly args?: Record<string, unknown>
  /** What it hands over of a result; null: the call was stopped. */
  readonly handed?: (result: object) => object | null
  /** What becomes of a call of the view: it is made, or refused, or the host has said from the first that it makes none. */
  readonly calls?: 'made' | 'refused' | 'unknown'
}

export async function showInHost(
  { browser, chat: { client } }: Stage,
  name: string,
  { args = {}, handed = (result) => result, calls = 'made' }: Manners = {},
): Promise<Shown> {
  const { tools } = await client.listTools()
  const uri = tools.find((tool) => tool.name === name)?._meta?.ui as { resourceUri: string }
  const { contents } = await client.readResource({ uri: uri.resourceUri })
  const [content] = contents
  const view = await serve(String(Object(content).text), { 'content-security-policy': policy })
  const host = await serve(hostPage(view.url, await hostScript(), calls !== 'unknown'), {})
  const page = await browser.newPage()
  const shown = { called: [] as Shown['called'], opened: [] as string[], noise: noiseOf(page) }
  await page.exposeFunction('callTool', async (params: Shown['called'][number]) => {
    shown.called.push(params)
    if (calls === 'refused') throw new Error('The person said no.')
    return await client.callTool(params)
  })
  await page.exposeFunction('openLink', (url: string) => {
    shown.opened.push(url)
    return {}
  })
  await page.exposeFunction('firstCall', async () => ({
    args,
    result: handed(await client.callTool({ name, arguments: args })),
  }))
  await page.goto(host.url)
  return {
    ...shown,
    page,
    view: page.frameLocator('iframe'),
    async [Symbol.asyncDispose]() {
      await page.close()
      for (const { server } of [view, host]) server.close()
    },
  }
}

/** The bridge tells every message to the console, which is to stay silent here. */
function hostPage(viewUrl: string, script: string, callsTools: boolean): string {
  return `<!doctype html><html lang="en" data-calls-tools="${callsTools}"><head><title>Host</title></head><body>
    <iframe title="view" sandbox="allow-scripts" data-src="${viewUrl}" width="700"></iframe>
    <script type="module">console.debug = () => undefined;${script}</script></body></html>`
}

let made: Promise<string> | null = null

function hostScript(): Promise<string> {
  made ??= build({
    entryPoints: [join(import.meta.dirname, 'host.mjs')],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    write: false,
  }).then(({ outputFiles }) => (outputFiles[0]?.text ?? '').replaceAll('</script', '<\\/script'))
  return made
}

async function serve(
  html: string,
  headers: Record<string, string>,
): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    const status = request.url === '/' ? 200 : 204
    response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...headers }).end(html)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, url: `http://127.0.0.1:${Object(server.address()).port}/` }
}
