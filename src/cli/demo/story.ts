import { CofferError } from '../../errors.ts'
import { checkConnection } from '../../tools/check-connection.ts'
import { connectBank } from '../../tools/connect-bank.ts'
import { getPositions } from '../../tools/get-positions.ts'
import { startReauth } from '../../tools/start-reauth.ts'
import { syncSnapshot } from '../../tools/sync-snapshot.ts'
import { describe, exitCodeOf, exitCodes } from '../command.ts'
import { showPositions } from '../show/positions.ts'
import { showSnapshot } from '../show/snapshot.ts'
import { type Assistant, startAssistant } from './assistant.ts'
import { sandboxWorld, simulatedWorld, type World } from './world.ts'

export interface DemoOptions {
  readonly sandbox: boolean
  readonly env: NodeJS.ProcessEnv
}

const banks = [
  { institutionId: 'ins_109508', name: 'First Platypus Bank', kind: 'bank' },
  { institutionId: 'ins_109511', name: 'Tartan Bank', kind: 'bank' },
  { institutionId: 'ins_109512', name: 'Houndstooth Bank', kind: 'brokerage' },
] as const
type Bank = (typeof banks)[number]

/** Tells the whole story and checks every sentence of it; exit code 0 only if all came true. */
export async function demo({ sandbox, env }: DemoOptions): Promise<number> {
  try {
    const world = sandbox ? await sandboxWorld(env) : await simulatedWorld(env)
    try {
      await tell(world)
      return exitCodes.ok
    } finally {
      await world.close()
    }
  } catch (error) {
    console.error(`\n✗ ${describe(error)}`)
    return exitCodeOf(error)
  }
}

async function tell(world: World): Promise<void> {
  say(`1. The server is started, on the ${world.name}`)
  const assistant = await startAssistant(process.argv[1] ?? '', world.env)
  try {
    say('2. Two banks and a brokerage are connected through their Link pages')
    const itemIds = []
    for (const bank of banks) itemIds.push(await connect(world, assistant, bank))
    await look(assistant)
    await breakAndRepair(world, assistant, itemIds[0] ?? '')
    say('The demo is done: every step did what it says.')
  } finally {
    await assistant.close()
  }
}

async function connect(world: World, assistant: Assistant, bank: Bank): Promise<string> {
  const link = await assistant.call(connectBank, { kind: bank.kind })
  await world.logIn(link.url, bank.institutionId)
  const { connection } = await follow(world, assistant, link.link_id, 'connected')
  must(connection !== undefined, `${bank.name} is connected`)
  console.log(
    `  ✓ ${connection?.institution}: ${connection?.accounts.map((account) => account.name).join(', ')}`,
  )
  return connection?.item_id ?? ''
}

async function look(assistant: Assistant): Promise<void> {
  say('3. "How am I doing?" sync_snapshot')
  const snapshot = await untilReady(assistant)
  console.log(showSnapshot(snapshot, Date.now()))
  must(snapshot.complete, 'the snapshot is complete')
  must((snapshot.totals[0]?.income ?? 0) > 0, 'the snapshot has income')
  say('4. "What do we hold?" get_positions')
  const positions = await assistant.call(getPositions)
  console.log(showPositions(positions))
  must(positions.positions.length > 0, 'there are positions')
}

/** Plaid may need a minute for the transactions of a new connection; the simulator needs none. */
async function untilReady(assistant: Assistant) {
  for (let tries = 0; ; tries += 1) {
    const snapshot = await assistant.call(syncSnapshot)
    if (tries > 30 || !snapshot.connections.some(({ source }) => source === 'preparing')) return snapshot
    await new Promise((resolve) => setTimeout(resolve, 1000))
  }
}

async function breakAndRepair(world: World, assistant: Assistant, itemId: string): Promise<void> {
  say('5. One bank wants a new login')
  await world.breakLogin(itemId)
  const broken = await assistant.call(syncSnapshot, { max_age_minutes: 0 })
  const source = broken.connections.find((row) => row.item_id === itemId)
  must(source?.status === 'needs_reauth', 'the snapshot says that the login is needed')
  must(source?.source === 'cached', 'its figures are marked as stored ones')
  must(!broken.complete, 'the snapshot says that it is not complete')
  must(
    broken.connections.every((row) => row.item_id === itemId || row.source === 'live'),
    'the other banks are fresh',
  )
  console.log(showSnapshot(broken, Date.now()))

  say('6. It is repaired from the chat: start_reauth, the Link page, check_connection')
  const link = await assistant.call(startReauth, {})
  must(link.item_id === itemId && link.url !== undefined, 'start_reauth finds the broken one by itself')
  await world.logIn(link.url ?? '')
  await follow(world, assistant, link.link_id ?? '', 'repaired')
  console.log(`  ✓ ${link.institution} works again, confirmed by Plaid`)

  say('7. The snapshot is whole again')
  const whole = await assistant.call(syncSnapshot, { max_age_minutes: 0 })
  console.log(showSnapshot(whole, Date.now()))
  must(whole.complete, 'the snapshot is complete again')
}

async function follow(world: World, assistant: Assistant, linkId: string, wanted: string) {
  const until = Date.now() + world.patienceMs
  for (;;) {
    const result = await assistant.call(checkConnection, { link_id: linkId, wait_seconds: 10 })
    if (result.outcome === wanted) return result
    must(
      result.outcome === 'pending' && Date.now() < until,
      `the link ends ${wanted} (it is ${result.outcome})`,
    )
  }
}

function say(text: string): void {
  console.log(`\n${text}\n`)
}

function must(isTrue: boolean, sentence: string): asserts isTrue {
  if (!isTrue) throw new CofferError('INTERNAL', `This did not come true: ${sentence}.`)
}
