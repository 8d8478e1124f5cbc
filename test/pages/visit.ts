import type { App } from '../../src/app.ts'

/** A browser without a script: it has come in by the link that `coffer-mcp open` gives. */
export interface Visit {
  readonly origin: string
  readonly cookie: string
  /** The page, as the person who types its address gets it. */
  get(
    path: string,
    headers?: Record<string, string>,
  ): Promise<{ status: number; text: string; headers: Headers }>
  /** A button of ours; where it leads, and how that was answered. A text as arguments is sent as it is. */
  press(
    tool: string,
    args: object | string,
    headers?: Record<string, string>,
  ): Promise<{ status: number; to: string | null }>
}

export async function visit(app: App): Promise<Visit> {
  const url = new URL((await app.pages.entryUrl())?.open() ?? '')
  const entered = await fetch(url)
  const cookie = (entered.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  const { origin } = url
  return {
    origin,
    cookie,
    async get(path, headers = {}) {
      const answer = await fetch(new URL(path, origin), {
        headers: { cookie, ...headers },
        redirect: 'manual',
      })
      return { status: answer.status, text: await answer.text(), headers: answer.headers }
    },
    async press(tool, args, headers = {}) {
      const answer = await fetch(new URL(`/call/${tool}`, origin), {
        method: 'POST',
        body: new URLSearchParams({ arguments: typeof args === 'string' ? args : JSON.stringify(args) }),
        headers: { cookie, origin, ...headers },
        redirect: 'manual',
      })
      return { status: answer.status, to: answer.headers.get('location') }
    },
  }
}
