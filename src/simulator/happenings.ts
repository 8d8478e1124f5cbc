import { type Stage, stageOf } from './bank.ts'
import { nextDeadline, troubleOf } from './items.ts'
import type { ItemState } from './state.ts'
import { announceMissed, announceStage } from './updates.ts'
import { queueError } from './webhooks.ts'
import type { World } from './world.ts'

/** Announces what the clock alone has brought about. Gives the ms when there will be more, or Infinity. */
export function passTime(world: World): number {
  if (!world.state.settings.timedWebhooks) return Infinity
  const items = Object.values(world.state.items).filter(
    ({ removed, webhook }) => !removed && webhook !== null,
  )
  return Math.min(Infinity, ...items.map((item) => passTimeOf(world, item)))
}

/** From now on only what is new is announced: an address that is given late hears nothing of the past. */
export function forgetPast(world: World, item: ItemState): void {
  const stages = Object.keys(item.products).map((product) => [product, stageOf(world, item, product)])
  item.told = { stages: Object.fromEntries(stages), troubleSince: troubleOf(world, item)?.since ?? null }
}

function passTimeOf(world: World, item: ItemState): number {
  const { told } = item
  const trouble = troubleOf(world, item)
  if (trouble !== null) {
    // What happened to an Item at once was announced at once.
    if (told.troubleSince !== trouble.since && item.trouble === null) queueError(world, item, 'ERROR')
    told.troubleSince = trouble.since
    // Plaid fetches nothing before it is mended.
    return Infinity
  }
  if (told.troubleSince !== null) announceMissed(world, item, told.troubleSince)
  told.troubleSince = null
  for (const product of Object.keys(item.products)) tellStages(world, item, product)
  return Math.min(nextDeadline(world, item), ...nextStages(world, item))
}

function tellStages(world: World, item: ItemState, product: string): void {
  const { stages } = item.told
  const reached = stageOf(world, item, product)
  for (const stage of [1, 2] as const) {
    if (stage > (stages[product] ?? 0) && stage <= reached) announceStage(world, item, product, stage)
  }
  stages[product] = reached
}

function nextStages(world: World, item: ItemState): number[] {
  const waits: Record<Stage, number> = { 0: 1, 1: 2, 2: Infinity }
  const { readyAfterMs } = world.state.settings
  return Object.entries(item.products).flatMap(([product, since]) => {
    const wait = waits[stageOf(world, item, product)]
    return wait === Infinity ? [] : [since + wait * readyAfterMs]
  })
}
