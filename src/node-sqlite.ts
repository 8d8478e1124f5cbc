import type * as NodeSqlite from 'node:sqlite'

let loaded: typeof NodeSqlite | undefined

/**
 * Node's own SQLite, loaded on its first use. Node 22 warns on stderr that it is experimental, and hosts show
 * that to the person: loading is synchronous, so no other warning can be lost meanwhile.
 */
export function nodeSqlite(): typeof NodeSqlite {
  loaded ??= loadQuietly()
  return loaded
}

function loadQuietly(): typeof NodeSqlite {
  const emitWarning = process.emitWarning.bind(process)
  process.emitWarning = () => undefined
  try {
    return process.getBuiltinModule('node:sqlite')
  } finally {
    process.emitWarning = emitWarning
  }
}
