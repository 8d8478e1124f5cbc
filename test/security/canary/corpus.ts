import { filesBelow } from '../../support/files-below.ts'
import { type Needle, needlesOf } from './needles.ts'
import type { Planted } from './planted.ts'

/** Where something leaves: each kind may be read by somebody else. */
export type Channel = 'result' | 'command' | 'setup' | 'page' | 'webhook' | 'stderr' | 'log' | 'file'

/** What came out, to be searched when all of it is there: some secrets are known only in the end. */
export interface Corpus {
  add(channel: Channel, ...outputs: readonly string[]): void
  /** Each line by itself: a log is written by the line. */
  addLines(channel: Channel, text: string): void
  /** Every file below, as text, whatever it is. */
  addFiles(directory: string): void
  counts(): Readonly<Record<Channel, number>>
  /** `channel: what`, without repetition. */
  leaks(planted: Pick<Planted, 'all'>): string[]
}

/**
 * A person has to get the page that they are to open; what they gave stands in the rule or label that it became; and
 * setup tells them the client id that they gave, in the line that sets it.
 */
const allowed: Readonly<Record<string, readonly Channel[]>> = {
  'hosted link': ['result', 'command', 'page'],
  'what was given': ['result', 'command', 'setup', 'page', 'file'],
  'client id': ['setup'],
}

export function createCorpus(): Corpus {
  const outputs: Record<Channel, string[]> = {
    result: [],
    command: [],
    setup: [],
    page: [],
    webhook: [],
    stderr: [],
    log: [],
    file: [],
  }
  const channels = Object.keys(outputs) as Channel[]
  return {
    add: (channel, ...texts) => void outputs[channel].push(...texts),
    addLines: (channel, text) =>
      void outputs[channel].push(...text.split('\n').filter((line) => line !== '')),
    addFiles: (directory) => void outputs.file.push(...filesBelow(directory)),
    counts() {
      const entries = channels.map((channel) => [channel, outputs[channel].length] as const)
      return Object.fromEntries(entries) as Record<Channel, number>
    },
    leaks(planted) {
      const needles = needlesOf(planted.all())
      return channels.flatMap((channel) => {
        const isAllowed = ({ what }: Needle) => allowed[what]?.includes(channel) ?? false
        const text = outputs[channel].join('\n')
        const found = needles.filter((needle) => !isAllowed(needle) && text.includes(needle.text))
        return [...new Set(found.map(({ what, form }) => `${channel}: ${what}, ${form}`))]
      })
    },
  }
}
