import { z } from 'zod'
import { CofferError, type ErrorCode, isCofferError, sentencesOf } from '../../errors.ts'
import type { Connection } from '../../model.ts'
import { Secret } from '../../secret.ts'
import { connectBank } from '../../tools/connect-bank.ts'
import { exitCodeOf, exitCodes, type Session } from '../command.ts'
import { type Imported, showImported } from '../show/imported.ts'
import { firstFetch } from './first-fetch.ts'

const { label, person } = connectBank.input.shape

/** What else stands in an entry, such as what Plaid answered beside the token, is left alone. */
const entry = z.object({
  access_token: z.string({ error: 'access_token is missing, or no text' }),
  label,
  person,
})

type Options = Readonly<Record<string, string | number | boolean | undefined>>

/** Keeps access tokens that were read from standard input as connections: the good ones, whatever the others are. */
export async function importTokens(session: Session, { keep }: Options): Promise<number> {
  const entries = entriesIn(await textOf(process.stdin))
  const results: Imported[] = []
  const failures: CofferError[] = []
  for (const [index, one] of entries.entries()) {
    session.progress(`Asking Plaid about token ${index + 1} of ${entries.length}`)
    const outcome = await importOne(session, one, keep === true, failures.find(concernsAll))
    if (outcome instanceof CofferError) failures.push(outcome)
    results.push({ entry: index + 1, outcome })
  }
  const kept = results.flatMap(({ outcome }) => (outcome instanceof CofferError ? [] : [outcome.itemId]))
  const unfetched = kept.length === 0 ? null : await firstFetch(session, kept)
  // Where that cannot be read what was said of them as they were kept stands.
  const shown = kept.length === 0 ? results : await current(session, results).catch(() => results)
  session.print(session.json ? JSON.stringify(toJson(shown), null, 2) : showImported(shown))
  if (unfetched !== null) session.tell(unfetched)
  const [first] = failures
  return first === undefined ? exitCodes.ok : exitCodeOf(first)
}

const largest = 1_000_000

async function textOf(input: NodeJS.ReadStream): Promise<string> {
  if (input.isTTY) throw unreadable('There is nothing on standard input.')
  let text = ''
  for await (const chunk of input.setEncoding('utf8')) {
    text += String(chunk)
    if (text.length > largest) throw unreadable('There is more than 1 MB on standard input.')
  }
  return text
}

/** Nothing of it is repeated: whatever it is, tokens are in it. */
function entriesIn(text: string): readonly unknown[] {
  const value = parsed(text)
  const entries: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (entries.length === 0 || entries.some((one) => typeof one !== 'object' || one === null))
    throw unreadable('What is on standard input is neither an object nor a list of objects.')
  return entries
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw unreadable('What is on standard input is no JSON.')
  }
}

function unreadable(problem: string): CofferError {
  return new CofferError('INVALID_ARGUMENTS', problem, {
    fix: 'Give it as coffer-mcp tokens import < tokens.json, with [{"access_token": "access-…", "label": "Ours"}] in the file, and delete the file afterwards.',
  })
}

/** @param before what kept an earlier one from being kept and keeps all others from it */
async function importOne(
  { opened, about }: Session,
  one: unknown,
  keep: boolean,
  before: CofferError | undefined,
): Promise<Connection | CofferError> {
  if (before !== undefined) return before
  const { data, error } = entry.safeParse(one)
  if (data === undefined) return misfit(error.issues)
  try {
    const { connections } = await opened.app()
    const token = { label: data.label ?? null, person: data.person ?? null, keep }
    const connection = await connections.importToken({ ...token, accessToken: new Secret(data.access_token) })
    about.push({ item_id: connection.itemId })
    return connection
  } catch (failure) {
    if (isCofferError(failure)) return failure
    throw failure
  }
}

function misfit([first]: readonly z.core.$ZodIssue[]): CofferError {
  const where = first?.path.join('.') ?? ''
  const what =
    where === 'access_token' ? 'access_token is missing, or no text' : `${where}: ${first?.message}`
  return new CofferError('INVALID_ARGUMENTS', `${what}.`)
}

const general: readonly ErrorCode[] = [
  'NOT_CONFIGURED',
  'BAD_SETTING',
  'VAULT_LOCKED',
  'PLAID_KEYS_REJECTED',
  'PLAID_UNREACHABLE',
  'PLAID_DOWN',
  'DISK_FULL',
  'DATABASE_READ_ONLY',
]

function concernsAll({ code }: CofferError): boolean {
  return general.includes(code)
}

/** As they stand after the fetch. */
async function current(session: Session, results: readonly Imported[]): Promise<readonly Imported[]> {
  const { store } = await session.opened.app()
  const rows = new Map((await store.connections.list()).map((row) => [row.itemId, row]))
  return results.map(({ entry: number, outcome }) => ({
    entry: number,
    outcome: outcome instanceof CofferError ? outcome : (rows.get(outcome.itemId) ?? outcome),
  }))
}

function toJson(results: readonly Imported[]) {
  return {
    imported: results.filter(({ outcome }) => !(outcome instanceof CofferError)).length,
    results: results.map(({ entry: number, outcome }) =>
      outcome instanceof CofferError
        ? {
            entry: number,
            outcome: 'refused',
            code: outcome.code,
            text: sentencesOf(outcome),
          }
        : {
            entry: number,
            outcome: 'imported',
            item_id: outcome.itemId,
            institution: outcome.institution,
            label: outcome.label,
            status: outcome.status,
          },
    ),
  }
}
