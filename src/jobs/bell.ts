export interface Bell {
  ring(): void
  /** Takes back a ring that nobody has heard yet. */
  still(): void
  /** Resolves when it rings, at once if it has rung since the last time, or after `ms`. */
  rung(ms: number): Promise<void>
}

/** For one listener. A wait for it does not keep the process alive. */
export function createBell(): Bell {
  let isRung = false
  let wake = () => {}
  return {
    ring() {
      isRung = true
      wake()
    },
    still: () => void (isRung = false),
    async rung(ms) {
      if (!isRung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms).unref()
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
      isRung = false
    },
  }
}
