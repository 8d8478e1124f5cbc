/** Restores the newest good backup of HOME: `restore-home.ts HOME`; prints `begun`, then `done`. */
import { beginRestore } from '../../../src/store/index.ts'

const [, , home = ''] = process.argv
const restoring = await beginRestore({ home, file: null })
process.stdout.write('begun\n')
await restoring.apply({ tokens: [], keys: [] })
process.stdout.write('done\n')
await restoring.end()
