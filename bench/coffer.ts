import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

/** Arguments for Node. */
export const coffer = [join(root, 'dist', 'bin.js')]
export const floor = [join(root, 'bench', 'floor-server.mjs')]

/** The settings of a copy with keys, whose data directory and Plaid are here. */
export function settingsOf(home: string, baseUrl = 'http://127.0.0.1:9'): Record<string, string> {
  return {
    COFFER_HOME: home,
    COFFER_KEY: `file:${join(home, 'bench.key')}`,
    COFFER_OPEN: 'off',
    PLAID_CLIENT_ID: 'bench',
    PLAID_SECRET: 'bench',
    PLAID_BASE_URL: baseUrl,
  }
}

/** Runs `work` with a data directory that is gone afterwards. */
export async function withHome<T>(work: (home: string) => Promise<T>): Promise<T> {
  const home = mkdtempSync(join(tmpdir(), 'coffer-bench-'))
  try {
    return await work(home)
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}
