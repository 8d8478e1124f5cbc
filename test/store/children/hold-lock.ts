// Takes a lock, keeps no reference to it, and lives on: hold-lock PATH
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { acquireLock } from '../../../src/lock.ts'

const [path = ''] = process.argv.slice(2)
const taken = (await acquireLock(path)) !== null
setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')
collect()
process.stdout.write(taken ? 'taken' : 'refused')
setInterval(collect, 50)
