import { institutions } from '../../src/simulator/institutions.ts'
import { finishLink } from '../../src/simulator/click.ts'
import { crossBorder } from '../../src/simulator/household-cross-border.ts'
import { family } from '../../src/simulator/household-family.ts'
import { freelancer } from '../../src/simulator/household-freelancer.ts'
import {
  type Copy,
  connectBank,
  household as openHousehold,
  ownClock,
  script,
  startCopy,
} from '../support/coffer.ts'
import type { Conversation, Happening } from './conversation.ts'
import type { Facts } from './truth.ts'

/** The day on which all of it plays, at noon. */
const today = '2026-11-21'

const username = 'user_good'
const households = {
  family: family(username),
  freelancer: freelancer(username),
  'two countries': crossBorder(username),
}

/** A server with its banks connected, on a day that stays the same. */
export interface World extends AsyncDisposable {
  readonly copy: Copy
  readonly facts: Facts
  itemOf(bank: string): string
  happens(what: Happening): void
  /** The person on a Link page; `bank`: which one they choose there. */
  logIn(url: string, bank?: string): Promise<void>
  connectionsAtPlaid(): number
}

type Setting = Pick<Conversation, 'household' | 'banks' | 'before'>

export async function openWorld({ household, banks, before }: Setting): Promise<World> {
  const offset = Date.parse(`${today}T12:00:00Z`) - Date.now()
  const home = await openHousehold({ now: () => Date.now() + offset, seed: 'evals' })
  const copy = await startCopy(
    // Its local pages beside those of other tests; a yes is given there.
    {
      ...home.env,
      TZ: 'UTC',
      CLOCK_OFFSET_MS: String(offset),
      COFFER_LISTEN: 'off',
      COFFER_PAGES_PORT: '0',
      PLAID_COUNTRY_CODES: 'US,CA',
    },
    [],
    [],
    [...ownClock, script],
  )
  const people = households[household]
  const all = [...new Set(people.accounts.map(({ institutionId }) => institutionId))]
  const institutionIds = banks === undefined ? all : banks.map(idOf)
  const items = new Map<string, string>()
  for (const institutionId of institutionIds) {
    const accounts = people.accounts.filter((account) => account.institutionId === institutionId)
    const kind = accounts.every(({ type }) => type === 'investment') ? 'brokerage' : 'bank'
    items.set(institutionId, (await connectBank(copy, { institutionId }, { kind })).item_id)
  }
  const { controls } = home.simulator
  const itemOf = (bank: string) => items.get(idOf(bank)) ?? ''
  const world: World = {
    copy,
    facts: { household: people, institutionIds, today },
    itemOf,
    happens: ({ world, bank }) => happenings[world](controls, itemOf(bank)),
    async logIn(url, bank) {
      const chosen = bank === undefined ? {} : { institutionId: idOf(bank) }
      const { refusal } = await finishLink(url, 'success', { ...chosen, username, password: 'pass_good' })
      if (refusal !== null) throw new Error(`the bank refused: ${refusal}`)
    },
    connectionsAtPlaid: () => controls.items().length,
    async [Symbol.asyncDispose]() {
      await copy.close()
      await home[Symbol.asyncDispose]()
    },
  }
  // Whoever asks has had figures before.
  await copy.call('sync_snapshot')
  for (const what of before) world.happens(what)
  return world
}

type Controls = Awaited<ReturnType<typeof openHousehold>>['simulator']['controls']

const happenings: Record<Happening['world'], (controls: Controls, itemId: string) => void> = {
  'the login breaks': (controls, itemId) => controls.resetLogin(itemId),
  'the bank is down': (controls, itemId) => controls.breakItem(itemId, 'INSTITUTION_DOWN'),
  'the consent ends in 5 days': (controls, itemId) => controls.setConsentExpiry(itemId, 5),
  'the permission is taken back': (controls, itemId) => controls.revoke(itemId),
}

function idOf(bank: string): string {
  const id = institutions.find(({ name }) => name === bank)?.institution_id
  if (id === undefined) throw new Error(`there is no bank ${bank}`)
  return id
}
