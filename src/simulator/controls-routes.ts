import { Hono } from 'hono'
import type { Controls } from './controls.ts'
import { isRecord } from './request.ts'

/** The controls over HTTP: `POST /_simulator/<name>` with `{"args": [...]}` gives `{"result": ...}`. */
export function controlRoutes(controls: Controls, save: () => void): Hono {
  const byName = new Map(Object.entries(controls))
  const app = new Hono()
  app.post('/:name', async (c) => {
    const control = byName.get(c.req.param('name'))
    if (control === undefined) return c.json({ error: 'no such control' }, 404)
    // Browsers name the page that asks; nothing that may drive the simulator is a page.
    if (c.req.header('origin') !== undefined) return c.json({ error: 'not from a page' }, 403)
    if (c.req.header('content-type') !== 'application/json') return c.json({ error: 'JSON only' }, 415)

    const body: unknown = await c.req.json()
    const args = isRecord(body) && Array.isArray(body['args']) ? body['args'] : []
    try {
      const result: unknown = await Reflect.apply(control, undefined, args)
      save()
      return c.json({ result: result ?? null })
    } catch (error) {
      return c.json({ error: error instanceof Error ? error.message : 'failed' }, 400)
    }
  })
  return app
}
