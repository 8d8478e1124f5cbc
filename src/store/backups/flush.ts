import { closeSync, fsyncSync, openSync } from 'node:fs'

/** SQLite does not wait for the disk when it writes a copy. */
export function flush(path: string): void {
  const file = openSync(path, 'r+')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** New names outlive a power cut too; Windows has no such call. */
export function flushDirectory(path: string): void {
  if (process.platform === 'win32') return
  const directory = openSync(path, 'r')
  try {
    fsyncSync(directory)
  } finally {
    closeSync(directory)
  }
}
