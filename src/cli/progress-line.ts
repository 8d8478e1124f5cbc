const emptied = '\r\u001b[2K'

/** The one line that says what a command is about, at a terminal alone. Whatever else is said comes in its place. */
export function progressLine(stream: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>) {
  let isShown = false
  function clear(): void {
    if (isShown) stream.write(emptied)
    isShown = false
  }
  return {
    show(message: string): void {
      if (!stream.isTTY) return
      stream.write(`${emptied}${message}…`)
      isShown = true
    },
    clear,
    instead(say: () => void): void {
      clear()
      say()
    },
  }
}
