import { ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js'
import type { Copy } from '../support/coffer.ts'
import { until } from '../support/until.ts'

/** What a client hears of the resources that it has subscribed to. */
export interface Updates {
  /** Addresses, in order of arrival. */
  readonly heard: string[]
  /** Waits for one about this address since the last call; how long that took, in ms. */
  next(uri: string, withinMs?: number): Promise<number>
}

export function updatesOf({ client }: Pick<Copy, 'client'>): Updates {
  const heard: string[] = []
  let from = 0
  client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => {
    heard.push(params.uri)
  })
  return {
    heard,
    async next(uri, withinMs = 2000) {
      const start = performance.now()
      await until(() => heard.indexOf(uri, from) !== -1, withinMs)
      from = heard.length
      return performance.now() - start
    },
  }
}
