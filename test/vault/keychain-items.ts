import { spawnSync } from 'node:child_process'

type Env = Record<string, string>

/** What the keychain of a session holds, as `service username`, asked over the bus and past all of our own code. */
export function itemsIn(env: Env): string[] {
  const property = (path: string, of: string, name: string) => {
    const get = 'org.freedesktop.DBus.Properties.Get'
    const target = ['--session', '--print-reply', '--dest=org.freedesktop.secrets', path, get]
    const { stdout } = spawnSync(
      'dbus-send',
      [...target, `string:org.freedesktop.Secret.${of}`, `string:${name}`],
      {
        env: { ...process.env, ...env },
        encoding: 'utf8',
      },
    )
    return stdout
  }
  const paths = (text: string) => [...text.matchAll(/object path "(.*)"/g)].map(([, path = '']) => path)
  const attribute = (text: string, name: string) =>
    new RegExp(`string "${name}"\\s+string "(.*)"`).exec(text)?.[1] ?? ''
  return paths(property('/org/freedesktop/secrets', 'Service', 'Collections'))
    .flatMap((collection) => paths(property(collection, 'Collection', 'Items')))
    .map((item) => property(item, 'Item', 'Attributes'))
    .map((text) => `${attribute(text, 'service')} ${attribute(text, 'username')}`)
    .toSorted()
}

/** Puts an item of somebody else there. */
export function plantItem(env: Env, service: string, username: string): void {
  const program = `
    const { AsyncEntry } = await import('@napi-rs/keyring')
    const [, service, username] = process.argv
    await new AsyncEntry(service, username, { linux: { store: 'secret-service' } }).setPassword('planted')`
  const args = ['--input-type=module', '--eval', program, service, username]
  const { status, stderr } = spawnSync(process.execPath, args, { env: { ...process.env, ...env } })
  if (status !== 0) throw new Error(String(stderr))
}
