import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Keychain, KeyRecords } from '../../src/vault/index.ts'
import { keysOf } from './rig.ts'

const record = z.object({
  keyId: z.string(),
  state: z.enum(['active', 'decrypt-only', 'retired']),
  createdAt: z.string(),
  canary: z.string(),
  fingerprint: z.string(),
  kdf: z.string().nullable(),
})

/** Key records that several processes share: one JSON text a line, as they were inserted. */
export function recordsIn(directory: string): KeyRecords {
  const path = join(directory, 'keys.jsonl')
  const list = async () => {
    const lines = existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n') : []
    return lines.map((line) => record.parse(JSON.parse(line)))
  }
  async function change<T>(work: (keys: KeyRecords) => Promise<T>): Promise<T> {
    const records = await list()
    const result = await work(keysOf(records))
    writeFileSync(path, records.map((one) => `${JSON.stringify(one)}\n`).join(''))
    return result
  }
  return {
    list,
    insert: async (key) => appendFileSync(path, `${JSON.stringify(key)}\n`),
    activate: (key, previous) => change((keys) => keys.activate(key, previous)),
    retire: (keyId) => change((keys) => keys.retire(keyId)),
    forget: (keyId) => change((keys) => keys.forget(keyId)),
  }
}

/** A keychain that several processes share, slow enough for them to get in each other's way. */
export function keychainIn(directory: string, latencyMs: number): Keychain {
  const pathOf = (account: string) => join(directory, `${account.replaceAll('/', '-')}.secret`)
  return {
    async get(account) {
      await sleep(latencyMs)
      return existsSync(pathOf(account)) ? readFileSync(pathOf(account), 'utf8') : null
    },
    async set(account, value) {
      await sleep(latencyMs)
      writeFileSync(pathOf(account), value, { flag: 'wx' })
    },
    remove: async (account) => rmSync(pathOf(account)),
  }
}
