import { type CofferError, isCofferError, sentencesOf } from '../../errors.ts'
import type { Environment } from '../../model.ts'
import type { PlaidKeys } from '../../plaid-keys.ts'
import { Secret } from '../../secret.ts'
import type { Dialogue } from './dialogue.ts'

/** Asks Plaid. `fits`: where they are good; null: nowhere. @throws CofferError when Plaid cannot be asked */
export type TryKeys = (
  keys: PlaidKeys,
  environment: Environment,
) => Promise<{ readonly ok: boolean; readonly fits: Environment | null }>

/** Keys that Plaid takes in this environment, or that the person wants to have untested. */
export interface GoodKeys {
  readonly keys: PlaidKeys
  readonly environment: Environment
}

interface Asking {
  readonly dialogue: Dialogue
  readonly tryKeys: TryKeys
  readonly environment: Environment
  /** Those that are set already, wherever. */
  readonly present: PlaidKeys | null
}

/** Asks for keys until Plaid takes them, or the person says that they need not be tested. @throws CofferError NOT_CONFIRMED */
export async function askForKeys(asking: Asking): Promise<GoodKeys> {
  const { dialogue, present, environment } = asking
  const isKept = present !== null && (await keepPresent(dialogue, present))
  let next: GoodKeys = { keys: isKept ? present : await enter(dialogue, present, environment), environment }
  for (;;) {
    const verdict = await judge(asking, next)
    if (verdict.isGood) return verdict.next
    next = verdict.again ?? { ...next, keys: await enter(dialogue, next.keys, next.environment) }
  }
}

async function keepPresent(dialogue: Dialogue, { clientId }: PlaidKeys): Promise<boolean> {
  const choices = [
    { value: 'keep', label: `Use the keys that are set already (client id ${shortened(clientId)})` },
    { value: 'enter', label: 'Enter others' },
  ] as const
  return (await dialogue.choose('Plaid keys', choices, 'keep')) === 'keep'
}

async function enter(
  dialogue: Dialogue,
  before: PlaidKeys | null,
  environment: Environment,
): Promise<PlaidKeys> {
  dialogue.say(
    'Both are at dashboard.plaid.com, under Developers > Keys. Each environment has a secret of its own.',
  )
  const clientId = await dialogue.text('client_id', before?.clientId ?? '', (typed) =>
    typed === '' ? 'It is empty.' : undefined,
  )
  return { clientId, secret: new Secret(await dialogue.hidden(`Secret of ${environment} (not shown)`)) }
}

type Verdict =
  | { readonly isGood: true; readonly next: GoodKeys }
  /** `again`: what is tried next; null: the person enters other keys. */
  | { readonly isGood: false; readonly again: GoodKeys | null }

async function judge({ dialogue, tryKeys }: Asking, next: GoodKeys): Promise<Verdict> {
  const { keys, environment } = next
  try {
    const { ok, fits } = await dialogue.during('Asking Plaid', () => tryKeys(keys, environment))
    if (ok) {
      dialogue.say(`Plaid takes these keys in ${environment}.`)
      return { isGood: true, next }
    }
    return await refused(dialogue, next, fits)
  } catch (error) {
    if (!isCofferError(error) || error.code === 'NOT_CONFIRMED') throw error
    return await notAsked(dialogue, next, error)
  }
}

async function refused(
  dialogue: Dialogue,
  { keys, environment }: GoodKeys,
  fits: Environment | null,
): Promise<Verdict> {
  dialogue.warn(refusalOf(environment, fits))
  const goesOver = fits !== null && (await dialogue.yes(`Set ${fits} up with it instead?`, true))
  return goesOver ? { isGood: true, next: { keys, environment: fits } } : { isGood: false, again: null }
}

/** What Plaid's refusal means. */
export function refusalOf(environment: Environment, fits: Environment | null): string {
  return fits === null
    ? `Plaid refused the client id or the secret in ${environment}.`
    : `This is the secret of ${fits}, not of ${environment}.`
}

async function notAsked(dialogue: Dialogue, next: GoodKeys, error: CofferError): Promise<Verdict> {
  dialogue.warn(sentencesOf(error))
  const choices = [
    { value: 'again', label: 'Try again' },
    { value: 'enter', label: 'Enter other keys' },
    { value: 'untested', label: 'Go on without a test' },
  ] as const
  const choice = await dialogue.choose('The keys could not be tested.', choices, 'again')
  if (choice === 'untested') return { isGood: true, next }
  return { isGood: false, again: choice === 'again' ? next : null }
}

/** Enough to know it again. */
function shortened(clientId: string): string {
  return clientId.length <= 8 ? clientId : `${clientId.slice(0, 4)}…${clientId.slice(-4)}`
}
