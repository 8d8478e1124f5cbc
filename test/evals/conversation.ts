import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { truth } from './truth.ts'

export const folder = join(import.meta.dirname, '../../docs/evals')

/** Something that an earlier answer said: of the step with this number, at this path. Or the item_id of a bank. */
const reference = z.union([
  z.strictObject({ step: z.number(), at: z.string() }),
  z.strictObject({ item_of: z.string() }),
])
export type Reference = z.output<typeof reference>

/** What stands at a path: this value, what the simulator knows, a text with this in it, nothing, or so many rows. */
const fact = z.union([
  z.union([z.string(), z.number(), z.boolean()]),
  truth,
  z.strictObject({ contains: z.string() }),
  z.strictObject({ absent: z.literal(true) }),
  z.strictObject({ rows: z.number() }),
])
export type Fact = z.output<typeof fact>

const call = z.strictObject({
  call: z.string(),
  arguments: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), reference]))
    .default({}),
  facts: z.record(z.string(), fact),
})
const person = z.strictObject({
  person: z.enum(['logs in', 'says yes']),
  page: reference,
  bank: z.string().optional(),
})
const world = z.strictObject({
  world: z.enum([
    'the login breaks',
    'the bank is down',
    'the consent ends in 5 days',
    'the permission is taken back',
  ]),
  bank: z.string(),
})
/** How many connections there are at Plaid, whatever Coffer says. */
const plaid = z.strictObject({ connections_at_plaid: z.number() })

const conversation = z.strictObject({
  /** Whose banks; all of them are connected unless `banks` names some. */
  household: z.enum(['family', 'freelancer', 'two countries']),
  banks: z.array(z.string()).optional(),
  /** What happened before the question. */
  before: z.array(world).default([]),
  /** It changes something, so that it gets a world of its own. */
  changes: z.boolean().default(false),
  steps: z.array(z.union([call, person, world, plaid])),
})
export type Conversation = z.output<typeof conversation>
export type Step = Conversation['steps'][number]
export type Happening = z.output<typeof world>

export interface Told extends Conversation {
  readonly file: string
  readonly title: string
}

/** Every conversation in docs/evals: Markdown for people, with one block of JSON. */
export function conversations(): Told[] {
  const files = readdirSync(folder).filter((name) => /^\d\d-.*\.md$/.test(name))
  return files.toSorted().map((file) => {
    const text = readFileSync(join(folder, file), 'utf8')
    const [, title = ''] = /^# (.+)$/m.exec(text) ?? []
    const [, json = ''] = /```json\n(.*?)```/s.exec(text) ?? []
    return { file, title, ...conversation.parse(JSON.parse(json)) }
  })
}
