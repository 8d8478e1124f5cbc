import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Secret } from './secret.ts'
import { isPlaidHost } from './settings.ts'

/**
 * Opens a link that Plaid gave in the person's browser. Nothing but a page of Plaid's or of this machine is
 * ever opened: a URL from elsewhere handed to the system's opener has run commands before (CVE-2025-6514).
 */
export async function openInBrowser(url: Secret): Promise<boolean> {
  return mayBeShown(url) && (await handToSystem(url.open()))
}

/** Opens a file of ours that leads to a page, unless the browser could not read it and would show an error. */
export async function openFileInBrowser(path: string): Promise<boolean> {
  const isHidden = /[\\/]\./.test(path)
  return !(isHidden && (await isSnap())) && (await handToSystem(path))
}

async function handToSystem(target: string): Promise<boolean> {
  const { default: open } = await import('open')
  try {
    const opener = await open(target)
    opener.on('error', () => undefined)
    return true
  } catch {
    return false
  }
}

/** Snaps read no hidden directory; Ubuntu's Firefox is one. They are known by the names of their entries, such as firefox_firefox.desktop. */
async function isSnap(): Promise<boolean> {
  if (process.platform !== 'linux') return false
  try {
    const asked = ['get', 'default-web-browser']
    const { stdout } = await promisify(execFile)('xdg-settings', asked, { timeout: 2_000 })
    return /^[a-z0-9-]+_[a-z0-9-]+\.desktop$/.test(stdout.trim())
  } catch {
    return false
  }
}

/** Is it a page of Plaid's or of this machine? */
export function mayBeShown(url: Secret): boolean {
  const text = url.open()
  return URL.canParse(text) && isPlaidHost(new URL(text))
}
