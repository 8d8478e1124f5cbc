import { join } from 'node:path'
import type { App } from '../../app.ts'
import { type Config, mayAskPlaid } from '../../config.ts'
import { isCofferError } from '../../errors.ts'
import { isLeftAlone, wantedAddress } from '../../jobs/addresses.ts'
import { acquireLock } from '../../lock.ts'
import type { Connection } from '../../model.ts'
import { needsAttention, nextStepFor } from '../../tools/next-step.ts'
import { exitCodeOf, exitCodes, type Session } from '../command.ts'
import { deliveryOf, type Finding, leaderOf, settingsOf } from './doctor-webhooks.ts'

export async function doctor(session: Session): Promise<number> {
  const findings = [runtime(), ...(await examine(session))]
  session.print(session.json ? JSON.stringify({ findings }, null, 2) : findings.map(line).join('\n'))
  const worst = findings.filter((finding) => !finding.ok).map((finding) => finding.code ?? exitCodes.failure)
  return Math.max(exitCodes.ok, ...worst)
}

function runtime(): Finding {
  return { check: 'Node', ok: true, says: `${process.versions.node} (${process.execPath})` }
}

async function examine(session: Session): Promise<Finding[]> {
  try {
    const app = await session.opened.appWithoutKeys()
    const config = session.opened.config()
    return [
      { check: 'data', ok: true, says: config.home },
      { check: 'SQLite', ok: true, says: `${app.store.about.version} by ${app.store.about.driver}` },
      await keySource(app),
      mayAskPlaid(config) ? await keysAtPlaid(app) : noKeys,
      ...(await background(app, config)),
    ]
  } catch (error) {
    return [failed('start', error)]
  }
}

async function keySource({ connections }: App): Promise<Finding> {
  const state = await connections.vaultState()
  if (state.state === 'locked') return failed('key', state.why)
  return {
    check: 'key',
    ok: true,
    says: `${state.source}${state.keyId === null ? ', made with the first bank' : ''}`,
  }
}

const noKeys: Finding = {
  check: 'Plaid keys',
  ok: false,
  says: 'PLAID_CLIENT_ID and PLAID_SECRET are not both set',
  fix: 'Get both from the Plaid dashboard (Developers > Keys) and set them in the environment.',
  code: exitCodes.notConfigured,
}

async function keysAtPlaid({ plaid, environment }: App): Promise<Finding> {
  try {
    const { ok, fits } = await plaid.checkKeys()
    if (ok) return { check: 'Plaid keys', ok, says: `accepted in ${environment}` }
    const fix =
      fits === null
        ? 'Copy both from the Plaid dashboard again.'
        : `They fit the other environment: set PLAID_ENV=${fits}.`
    return { check: 'Plaid keys', ok, says: `refused in ${environment}`, fix, code: exitCodes.refused }
  } catch (error) {
    return failed('Plaid', error)
  }
}

async function background({ store, environment, now }: App, config: Config): Promise<Finding[]> {
  // This process never leads, so opening the lock's file frees no lock of its own.
  const lock = await acquireLock(join(config.home, 'leader.lock'))
  lock?.release()
  const note = lock === null ? await store.leader.read() : null
  const wanted = wantedAddress(config, note?.port ?? null)
  const deliveries = await store.deliveries.list()
  const rows = await store.connections.list()
  return [
    ...leaderOf({ isLed: lock === null, note, wanted }, config),
    ...settingsOf(config),
    ...rows.flatMap((row) => {
      const delivery = deliveries.find(({ itemId }) => itemId === row.itemId)
      const ours = row.environment === environment && !isLeftAlone(row)
      return [connection(row), ...(ours ? deliveryOf(row, delivery, wanted, now()) : [])]
    }),
  ]
}

function connection(row: Connection): Finding {
  const step = nextStepFor(row, true)?.text
  const says = `${row.status}${row.reason === null ? '' : ` (${row.reason})`}`
  return {
    check: row.institution,
    // What passes by itself, or has been replaced, is told and is no fault.
    ok: !needsAttention(row) && row.status !== 'bank_issue',
    says,
    ...(step === undefined ? {} : { fix: step }),
  }
}

function failed(check: string, error: unknown): Finding {
  const known = isCofferError(error)
  const says = known ? `${error.code}: ${error.message}` : 'broke for a reason that is not known here'
  return {
    check,
    ok: false,
    says,
    ...(known && error.fix ? { fix: error.fix } : {}),
    code: exitCodeOf(error),
  }
}

function line({ check, ok, says, fix }: Finding): string {
  return `${ok ? '✓' : '✗'} ${check}: ${says}${fix === undefined ? '' : `\n    ${fix.replaceAll('\n', '\n    ')}`}`
}
