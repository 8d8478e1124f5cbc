import type { Browser } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { connectBank, type Copy, type Household, household } from '../support/coffer.ts'
import { aBrowser } from './chromium.ts'

/** What a story in a browser plays on: a household with a bank and a brokerage, and a chat with it. */
export interface Stage {
  readonly browser: Browser
  readonly house: Household
  readonly chat: Copy
  /** The bank wants a new login, and nobody knows yet. */
  breakBank(): void
}

/** Set once for all stories of a file. `label`: of the bank */
export function setStage(label?: string): () => Stage {
  const browser = aBrowser()
  let stage: Stage | null = null
  beforeAll(async () => {
    const house = await household()
    const chat = await house.start({ COFFER_LISTEN: 'off', COFFER_PAGES_PORT: '0' })
    const { item_id: itemId } = await connectBank(chat, {}, label === undefined ? {} : { label })
    await connectBank(chat, { institutionId: 'ins_109512' }, { kind: 'brokerage' })
    await chat.call('sync_snapshot', { max_age_minutes: 0 })
    stage = { browser: browser(), house, chat, breakBank: () => house.simulator.controls.resetLogin(itemId) }
  }, 60_000)
  afterAll(() => stage?.house[Symbol.asyncDispose]())
  return () => {
    if (stage === null) throw new Error('nothing is set before the first story')
    return stage
  }
}
