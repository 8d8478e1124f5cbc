import type { Span } from '../model.ts'
import type { Judged } from './judging.ts'
import type { Reading, ReadOptions } from './read.ts'
import { isGone, type SourceState } from './sources.ts'

export interface RowsReading {
  readonly reading: Reading
  readonly judged: Judged
}

interface RowsReaderDeps {
  readonly read: (options: ReadOptions) => Promise<Reading>
  readonly judged: (span: Span) => Promise<Judged>
}

/**
 * A reading and the rows of its window. A fetch in the background that ends between the two may take rows away:
 * after a repair, or in another copy, fewer days are fetched. They are read once more then.
 */
export function createRowsReader({ read, judged }: RowsReaderDeps) {
  async function once(options: Omit<ReadOptions, 'rows'>): Promise<RowsReading> {
    const reading = await read({ ...options, rows: true })
    return { reading, judged: await judged(reading.window) }
  }

  return async (options: Omit<ReadOptions, 'rows'>): Promise<RowsReading> => {
    const first = await once(options)
    const isTaken = (source: SourceState) =>
      canHaveRows(source) && !first.judged.isAtHand(source.connection.itemId)
    return first.reading.stillSyncing || !first.reading.sources.some(isTaken) ? first : await once(options)
  }
}

/** Of the others nothing more comes by asking again. */
function canHaveRows({ connection, source, error }: SourceState): boolean {
  const gives = connection.status === 'active' || connection.status === 'expiring'
  const isRead = error === null && (source === 'live' || source === 'cached')
  return gives && isRead && !isGone(connection) && connection.products.includes('transactions')
}
