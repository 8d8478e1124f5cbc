import type { Conversation, Fact, Reference, Step } from './conversation.ts'
import { at } from './path.ts'
import { truthOf } from './truth.ts'
import type { World } from './world.ts'

/** Fewer than a token of JSON has: the figure errs on the safe side. */
const charactersInToken = 3

export interface Outcome {
  /** One sentence for each fact that the answers do not carry. */
  readonly faults: readonly string[]
  /** Of all answers together, at most. */
  readonly tokens: number
}

/** Makes the calls of a conversation, one after the other. */
export async function talk(world: World, { steps }: Conversation): Promise<Outcome> {
  const answers: unknown[] = []
  const faults: string[] = []
  const resolve = (value: Reference) =>
    'item_of' in value ? world.itemOf(value.item_of) : at(answers[value.step - 1], value.at)
  for (const step of steps) {
    const answer = await take(step, world, resolve)
    answers.push(answer)
    if ('call' in step) faults.push(...faultsIn(answer, step.facts, world))
    else if ('connections_at_plaid' in step && answer !== step.connections_at_plaid)
      faults.push(`step ${answers.length}: Plaid has ${String(answer)} connections`)
  }
  return { faults, tokens: Math.ceil(JSON.stringify(answers).length / charactersInToken) }
}

/** One step; what it brought. */
async function take(step: Step, world: World, resolve: (value: Reference) => unknown): Promise<unknown> {
  if ('world' in step) {
    world.happens(step)
    return null
  }
  if ('connections_at_plaid' in step) return world.connectionsAtPlaid()
  if ('person' in step) {
    const text = String(resolve(step.page))
    await (step.person === 'logs in' ? world.logIn(text, step.bank) : sayYes(text))
    return null
  }
  const args = Object.entries(step.arguments).map(([name, value]) => [
    name,
    typeof value === 'object' && !Array.isArray(value) ? resolve(value) : value,
  ])
  const result = await world.copy.client.callTool({ name: step.call, arguments: Object.fromEntries(args) })
  if (result.isError === true) throw new Error(`${step.call}: ${JSON.stringify(result.content)}`)
  return result.structuredContent
}

function faultsIn(answer: unknown, facts: Readonly<Record<string, Fact>>, { facts: known }: World): string[] {
  return Object.entries(facts).flatMap(([path, fact]) => {
    const found = at(answer, path)
    const wanted = typeof fact === 'object' && 'truth' in fact ? truthOf(known, fact) : fact
    const isThere = carries(found, wanted)
    return isThere ? [] : [`${path} is ${JSON.stringify(found)} and not ${JSON.stringify(wanted)}`]
  })
}

/** Whether this is what was wanted; amounts to the cent. */
export function carries(found: unknown, wanted: Exclude<Fact, { truth: string }>): boolean {
  if (typeof wanted === 'number' && typeof found === 'number') return Math.abs(found - wanted) < 0.005
  if (typeof wanted !== 'object') return found === wanted
  if ('absent' in wanted) return found === undefined
  if ('contains' in wanted) return found !== undefined && JSON.stringify(found).includes(wanted.contains)
  return Array.isArray(found) && found.length === wanted.rows
}

/** The person presses the button of the local page that the answer leads to. */
async function sayYes(text: string): Promise<void> {
  const page = new URL(/http:\/\/127\.0\.0\.1\S+/.exec(text)?.[0] ?? '')
  const body = new URLSearchParams({ answer: 'yes' })
  const { status } = await fetch(page, { method: 'POST', body, headers: { origin: page.origin } })
  if (status !== 200) throw new Error(`the page answers ${status}`)
}
