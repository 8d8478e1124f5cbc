import { clientNames, type Machine, secretsIn } from '../client-config.ts'
import { backupsOf, openConfigFile } from '../config-file.ts'
import type { Host } from '../hosts.ts'
import type { Finding } from './finding.ts'

/** Backups that install made of a client's settings, with secrets that have left these since: nothing needs them there. */
export function leftSecrets({ client, file }: Host, { platform }: Machine): Finding[] {
  return backupsOf(file.path).flatMap((path) => {
    const names = secretsIn(openConfigFile(path).text)
    if (names.length === 0) return []
    return [
      {
        check: `${clientNames[client]}, backup`,
        ok: false,
        says: `${path} holds ${names.join(', ')} in plain text`,
        fix: `Nothing needs that file any more. Run: ${platform === 'win32' ? `del "${path}"` : `rm '${path}'`}`,
      },
    ]
  })
}
