import { randomBytes } from 'node:crypto'
import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createPrivateFile, preparePrivateDirectory } from '../private-files.ts'
import type { Secret } from '../secret.ts'

/**
 * Files of this user alone that lead a browser to a page. Every user of a machine can see what programs are started with,
 * so that a browser is given the name of a file, and not an address that lets in whoever comes first.
 */
export interface RedirectFiles {
  /** The path of a new one; null where it cannot be written. */
  make(url: Secret): Promise<string | null>
  /** Somebody has come to this path of ours, so that the file that led there has done its work. */
  arrived(path: string): void
  close(): void
}

/** As long as the longest of our links works. */
const lifeMs = 10 * 60_000

/** @param directory made when it is needed */
export function createRedirectFiles(directory: string): RedirectFiles {
  const files = new Map<string, { readonly file: string; readonly timer: NodeJS.Timeout }>()

  function forget(path: string): void {
    const made = files.get(path)
    if (made === undefined) return
    files.delete(path)
    clearTimeout(made.timer)
    remove(made.file)
  }

  function write(content: string): string {
    preparePrivateDirectory(directory)
    removeLeft(directory)
    const file = join(directory, `${randomBytes(12).toString('hex')}.html`)
    createPrivateFile(file, content)
    return file
  }

  return {
    async make(url) {
      const path = new URL(url.open()).pathname
      try {
        // Loaded here and not above: most processes open no page.
        const { enterPage } = await import('./layout.ts')
        // Its type says that it is a string, and it is an object that holds one.
        const file = write(String(await enterPage(url.open())))
        files.set(path, { file, timer: setTimeout(() => forget(path), lifeMs).unref() })
        return file
      } catch {
        // Such as a full disk: the address is told besides, for whoever opens it by hand.
        return null
      }
    },
    arrived: forget,
    close() {
      for (const path of files.keys()) forget(path)
    },
  }
}

/** Those of a process that was killed; what they lead to is over. */
function removeLeft(directory: string): void {
  for (const name of readdirSync(directory)) {
    const file = join(directory, name)
    if ((statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) < Date.now() - lifeMs) remove(file)
  }
}

function remove(file: string): void {
  try {
    rmSync(file, { force: true })
  } catch {
    // It is of no use any more, and the next one that is made tries again.
  }
}
