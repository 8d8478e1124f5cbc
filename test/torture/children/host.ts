/** A client program that starts a server as chat clients do, says its pid, and lives until it is killed. */
import { spawn } from 'node:child_process'
import { script } from '../../support/coffer.ts'

const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'ignore'] })
process.on('message', (line: string) => void child.stdin.write(`${line}\n`))
child.stdout.on('data', (chunk: Buffer) => void process.send?.(chunk.toString()))
process.send?.(child.pid)
