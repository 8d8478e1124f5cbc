import type { Context } from 'hono'
import type { Html } from '../view/html.ts'
import { pageHeaders } from './layout.ts'

type Status = 200 | 401 | 403 | 404 | 405 | 410 | 413 | 500

export function show(
  c: Context,
  status: Status,
  content: Html,
  headers: Readonly<Record<string, string>> = pageHeaders,
): Response | Promise<Response> {
  for (const [name, value] of Object.entries(headers)) c.header(name, value)
  return c.html(content, status)
}
