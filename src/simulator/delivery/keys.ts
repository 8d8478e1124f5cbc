import { uuidOf } from '../ids.ts'
import type { WebhookKey } from '../state.ts'
import { type Environment, newWebhookKey, type World } from '../world.ts'

/** Ms by the clock that signatures and keys go by. */
export function signingTime(world: World): number {
  return world.state.settings.webhookClock === 'machine' ? world.machineNow() : world.now()
}

/** What `/webhook_verification_key/get` knows: the keys of this environment alone. */
export function servedKeys({ state, environment }: World): WebhookKey[] {
  return state.webhookKeys.filter((key) => key.environment === environment)
}

/** The newest key that has not expired; made when there is none. */
export function currentKey(world: World, environment: Environment = world.environment): WebhookKey {
  const living = world.state.webhookKeys.filter(
    (key) => key.environment === environment && !hasExpired(world, key),
  )
  return living.at(-1) ?? addKey(world, environment)
}

/** A key that is still served, with its end in the past; made when there is none. */
export function expiredKey(world: World): WebhookKey {
  const found = servedKeys(world).find((key) => hasExpired(world, key))
  if (found !== undefined) return found
  const key = addKey(world, world.environment)
  key.expiredAt = seconds(world) - 60
  return key
}

/** From now on this key signs; those before it stay valid until they are made to expire. */
export function rotateKey(world: World): string {
  return addKey(world, world.environment).kid
}

export function expireKey(world: World, kid: string): void {
  const key = servedKeys(world).find((one) => one.kid === kid)
  if (key === undefined) throw new TypeError(`the simulator has no webhook key ${kid}`)
  key.expiredAt = seconds(world)
}

function hasExpired(world: World, { expiredAt }: WebhookKey): boolean {
  return expiredAt !== null && expiredAt <= seconds(world)
}

function addKey(world: World, environment: Environment): WebhookKey {
  const { seed, webhookKeys } = world.state
  const kid = uuidOf(seed, environment, 'webhook key', String(webhookKeys.length))
  const key = newWebhookKey({ kid, environment, at: signingTime(world) })
  webhookKeys.push(key)
  return key
}

function seconds(world: World): number {
  return Math.floor(signingTime(world) / 1_000)
}
