import { Secret } from '../secret.ts'
import { foreignAt, idAt, isRecord, type Json, objectAt, rowsAt, timeAt } from './json.ts'
import type { LinkedAccount, LinkSession } from './operations.ts'

type Added = LinkSession['added'][number]

/** The sessions in an answer of `/link/token/get`, oldest first. There are none until the URL is opened. */
export function toSessions(answer: Json): LinkSession[] {
  const sessions = rowsAt(answer, 'link_sessions', (row) => ({
    at: timeAt(row, 'started_at') ?? '',
    session: toSession(row),
  }))
  return sessions.sort((a, b) => a.at.localeCompare(b.at)).map(({ session }) => session)
}

function toSession(row: Json): LinkSession {
  return {
    finishedAt: timeAt(row, 'finished_at'),
    added: addedIn(row),
    exited: isRecord(row.exit) || isRecord(row.on_exit),
  }
}

/** The present field first; the deprecated one is still filled, and sometimes alone. */
function addedIn(row: Json): Added[] {
  const results = rowsAt(objectAt(row, 'results'), 'item_add_results', (result) => toAdded(result, result))
  if (results.length > 0) return results
  const success = objectAt(row, 'on_success')
  const added = toAdded(success, objectAt(success, 'metadata'))
  return added === null ? [] : [added]
}

function toAdded({ public_token: token }: Json, about: Json): Added | null {
  if (typeof token !== 'string' || token === '') return null
  const institution = objectAt(about, 'institution')
  return {
    publicToken: new Secret(token),
    institutionId: idAt(institution, 'institution_id'),
    institution: foreignAt(institution, 'name'),
    accounts: rowsAt(about, 'accounts', toLinkedAccount),
  }
}

/** A row by which no account can be known would make a login look like one that shares something else. */
function toLinkedAccount(row: Json): LinkedAccount | null {
  const name = foreignAt(row, 'name')
  const mask = foreignAt(row, 'mask', 8)
  const persistentAccountId = idAt(row, 'persistent_account_id')
  if (name === null && mask === null && persistentAccountId === null) return null
  return { name: name ?? '', mask, subtype: foreignAt(row, 'subtype'), persistentAccountId }
}
