import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { type Simulator, startSimulator } from '../../../src/simulator/index.ts'
import { freshEnv, start } from '../process.ts'

export type Env = Record<string, string>

/** A person who sets Coffer up, on a simulator that all tests of one file share. */
export function setsUp() {
  let simulator: Simulator
  beforeAll(async () => {
    simulator = await startSimulator({ readyAfterMs: 0 })
  })
  afterAll(() => simulator.close())

  return {
    simulator: () => simulator,
    /** A home with nothing in it, and no keychain. */
    emptyEnv(): Env & { readonly HOME: string } {
      const { HOME = '', ...env } = freshEnv()
      return { ...env, HOME, PLAID_BASE_URL: simulator.url }
    },
    withKeys: (env: Env): Env => ({
      ...env,
      PLAID_CLIENT_ID: simulator.clientId,
      PLAID_SECRET: simulator.secret,
    }),
    /** Files of the person that have the secret in them. */
    filesWithSecret({ HOME = '' }: Env): string[] {
      const files = readdirSync(HOME, { recursive: true, encoding: 'utf8' })
      return files.filter((name) => {
        const path = join(HOME, name)
        return statSync(path).isFile() && readFileSync(path, 'latin1').includes(simulator.secret)
      })
    },
    /** Setup with the secret on stdin. */
    async piped(env: Env) {
      const args = ['setup', '--yes', '--client-id', simulator.clientId, '--secret-stdin']
      const { child, ended } = start(args, env, [], 'pipe')
      child.stdin?.end(`${simulator.secret}\n`)
      return await ended
    },
  }
}

export const dataOf = ({ COFFER_HOME = '' }: Env) => COFFER_HOME
export const configOf = (env: Env) => join(dataOf(env), 'config.json')
export const settingsOf = (env: Env): Env => JSON.parse(readFileSync(configOf(env), 'utf8'))

export function writeSettings(env: Env, text: string): void {
  mkdirSync(dataOf(env), { recursive: true, mode: 0o700 })
  writeFileSync(configOf(env), text, { mode: 0o600 })
}
