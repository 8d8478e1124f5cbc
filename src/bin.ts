#!/usr/bin/env node
// Hosts may start an old Node; without this line its users would see a syntax error or a crash instead.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 20)) {
  // A hook that fails would be a complaint at each start of a session; the server says it.
  if (process.argv.includes('--attention')) process.exit(0)
  process.stderr.write(
    `coffer-mcp needs Node 22.20 or newer; this is Node ${process.versions.node} (${process.execPath}).\n`,
  )
  process.exit(78)
}
const { main } = await import('./cli/main.ts')
await main(process.argv.slice(2), process.env)
