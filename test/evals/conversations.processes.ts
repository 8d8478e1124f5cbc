import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type Conversation, conversations, folder } from './conversation.ts'
import { talk } from './talk.ts'
import { openWorld, type World } from './world.ts'

/** What Claude Code takes of one answer; here a whole conversation has to do with it. */
const mostTokens = 25_000

const all = conversations()
const shared = new Map<string, Promise<World>>()

afterAll(async () => {
  for (const world of shared.values()) await (await world)[Symbol.asyncDispose]()
})

describe('the conversations of docs/evals', () => {
  it('are thirty or more, and all in its list', () => {
    const list = readFileSync(join(folder, 'README.md'), 'utf8')
    const missing = all.filter(({ file, title }) => !list.includes(`[${title}](${file})`))
    expect(all.length).toBeGreaterThanOrEqual(30)
    expect(missing.map(({ file }) => file)).toEqual([])
  })

  it.each(all)('$file: $title', async (conversation) => {
    const world = await (conversation.changes ? openWorld(conversation) : sharedWorld(conversation))
    const { faults, tokens } = await talk(world, conversation)
    if (conversation.changes) await world[Symbol.asyncDispose]()
    expect(faults).toEqual([])
    expect(tokens).toBeLessThanOrEqual(mostTokens)
  })
})

/** Conversations that only read share one server. */
function sharedWorld({ household, banks, before }: Conversation): Promise<World> {
  const setting = { household, before, ...(banks === undefined ? {} : { banks }) }
  const key = JSON.stringify(setting)
  const world = shared.get(key) ?? openWorld(setting)
  shared.set(key, world)
  return world
}
