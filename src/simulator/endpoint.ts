import type { z } from 'zod'
import type { ItemState } from './state.ts'
import { healthyItem, itemOf } from './items.ts'
import { readBody, type RequestBody } from './request.ts'
import type { World } from './world.ts'

export type Answer = object | Promise<object>

/** One path of Plaid's API; `answer` gets the body without the credentials and gives one without `request_id`. */
export interface Endpoint {
  readonly path: string
  answer(body: RequestBody, world: World): Answer
}

export function endpoint<Shape extends z.ZodType>(
  path: string,
  shape: Shape,
  handle: (body: z.output<Shape>, world: World) => Answer,
): Endpoint {
  return { path, answer: (body, world) => handle(readBody(shape, body), world) }
}

type WithToken = z.ZodType<{ access_token: string }>

/** For the paths that work on an Item in any state. */
export function itemEndpoint<Shape extends WithToken>(
  path: string,
  shape: Shape,
  handle: (item: ItemState, body: z.output<Shape>, world: World) => Answer,
): Endpoint {
  return endpoint(path, shape, (body, world) => handle(itemOf(world, body.access_token), body, world))
}

/** For the paths that give a bank's data, which an Item that wants a login refuses. */
export function dataEndpoint<Shape extends WithToken>(
  path: string,
  shape: Shape,
  handle: (item: ItemState, body: z.output<Shape>, world: World) => Answer,
): Endpoint {
  return endpoint(path, shape, (body, world) => handle(healthyItem(world, body.access_token), body, world))
}
