const PREFIX = 'coffer-key-v1.'

/** A key of 32 bytes as one line, as it stands in a keychain or a key file. */
export function toKeyText(key: Buffer): string {
  return PREFIX + key.toString('base64url')
}

/** Null when the text is not exactly what `toKeyText` makes; one line end is allowed. */
export function fromKeyText(text: string): Buffer | null {
  const line = text.replace(/\r?\n$/, '')
  const key = Buffer.from(line.slice(PREFIX.length), 'base64url')
  return key.length === 32 && toKeyText(key) === line ? key : null
}
