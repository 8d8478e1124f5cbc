import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { prompts } from '../../src/prompts/index.ts'
import { tools } from '../../src/tools/index.ts'
import { type Household, household, script } from '../support/coffer.ts'

const root = join(import.meta.dirname, '../..')
const cli = join(
  root,
  'third-party/node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js',
)
const called = z.object({ content: z.array(z.object({ text: z.string() })), structuredContent: z.unknown() })

describe('the official inspector, over stdio', () => {
  it('finds nothing in the schemas of the tools that a client could stumble over', async () => {
    await using home = await household()
    const { code, answer, stderr } = await inspect(home, '--method', 'tools/list', '--strict')
    const listed = z.object({ tools: z.array(z.object({ name: z.string() })) }).parse(answer)
    expect(listed.tools.map(({ name }) => name)).toEqual(tools.map(({ name }) => name))
    expect([code, stderr]).toEqual([0, ''])
  })

  it('calls tools, reads resources and gets prompts', async () => {
    await using home = await household()
    const toolCall = ['--method', 'tools/call', '--tool-name']
    const [call, refusal, read, prompt] = await Promise.all([
      inspect(home, ...toolCall, 'list_connections', '--tool-args-json', '{"limit":5}'),
      inspect(home, ...toolCall, 'list_connections', '--tool-args-json', '{"limit":0}'),
      inspect(home, '--method', 'resources/read', '--uri', 'coffer://connections'),
      inspect(home, '--method', 'prompts/get', '--prompt-name', prompts[0]?.name ?? ''),
    ])
    const { content, structuredContent } = called.parse(call.answer)
    expect(structuredContent).toMatchObject({ total: 0, vault: 'ok' })
    expect(JSON.parse(content[0]?.text ?? '')).toEqual(structuredContent)
    expect(JSON.stringify(refusal.answer)).toContain('INVALID_ARGUMENTS')
    expect(read.answer).toMatchObject({
      contents: [{ uri: 'coffer://connections', mimeType: 'application/json' }],
    })
    expect(prompt.answer).toMatchObject({ messages: [{ role: 'user' }] })
    expect([call.code, read.code, prompt.code]).toEqual([0, 0, 0])
    // Its code for a tool that answers with an error.
    expect(refusal.code).toBe(5)
  })
})

async function inspect({ env, home }: Household, ...method: string[]) {
  const given = Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`])
  const args = [cli, '--cli', ...given, process.execPath, script, ...method, '--format', 'json']
  const child = spawn(process.execPath, args, {
    // It keeps a list of servers in its home.
    env: { PATH: env.PATH, HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { code: Number(code), answer: answered(stdout), stderr }
}

/** What it was answered, which stands below `result`; for other output null. */
function answered(stdout: string): unknown {
  const [line = ''] = stdout.trim().split('\n')
  return line.startsWith('{') ? z.object({ result: z.unknown() }).parse(JSON.parse(line)).result : null
}
