import { withLimit } from './keychain-limit.ts'

/** A keychain rejects when it cannot be used. There is never something else in its place. */
export interface Keychain {
  /** The text kept under `account`; null when there is none, or (locked) none to be seen. */
  get(account: string): Promise<string | null>
  set(account: string, value: string): Promise<void>
  remove(account: string): Promise<void>
}

export interface KeychainOptions {
  /** Default 3000, on macOS 30000: there the system may ask the person to allow it. */
  readonly timeoutMs?: number
  readonly platform?: NodeJS.Platform
}

const SERVICE = 'coffer-mcp'

/** The keychain of the operating system. Loaded when it is first asked. */
export function osKeychain({ platform = process.platform, ...options }: KeychainOptions = {}): Keychain {
  const timeoutMs = options.timeoutMs ?? (platform === 'darwin' ? 30_000 : 3_000)
  return withLimit({ get, set, remove }, timeoutMs)
}

async function get(account: string): Promise<string | null> {
  return endingWithUs(async () => (await entry(account)).getPassword())
}

async function set(account: string, value: string): Promise<void> {
  return endingWithUs(async () => (await entry(account)).setPassword(value))
}

async function remove(account: string): Promise<void> {
  return endingWithUs(async () => void (await (await entry(account)).deleteCredential()))
}

async function entry(account: string) {
  const { AsyncEntry } = await import('@napi-rs/keyring')
  // Unpinned, without a Secret Service it takes the kernel's keyring, which is empty after a reboot.
  return new AsyncEntry(SERVICE, account, { linux: { store: 'secret-service' } })
}

/**
 * Node waits at its exit for native calls that are under way, and the one below waits as long as a dialogue
 * asks the person to unlock the keychain, up to a year. A process that ends meanwhile has to be killed.
 */
async function endingWithUs<T>(call: () => Promise<T>): Promise<T> {
  process.once('exit', killSelf)
  try {
    return await call()
  } finally {
    process.off('exit', killSelf)
  }
}

function killSelf(): void {
  process.kill(process.pid, 'SIGKILL')
}
