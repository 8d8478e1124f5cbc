import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { z } from 'zod'
import { CofferError, isErrorCode } from '../../errors.ts'
import type { AnyTool } from '../../tools/define.ts'
import { version } from '../../version.ts'

/** What Claude is to the server: the official MCP client, on a process of its own. */
export interface Assistant {
  call<T extends AnyTool>(tool: T, args?: object): Promise<z.output<T['output']>>
  close(): Promise<void>
}

export async function startAssistant(script: string, env: Record<string, string>): Promise<Assistant> {
  const client = new Client({ name: 'coffer-demo', version })
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: [script], env, stderr: 'inherit' }),
  )
  return {
    async call<T extends AnyTool>(tool: T, args: object = {}) {
      const result = await client.callTool({ name: tool.name, arguments: { ...args } })
      if (result.isError === true) throw toldBy(tool.name, textOf(result))
      // The schema that checks it is the tool's own; TypeScript cannot follow that through the parameter.
      return tool.output.parse(result.structuredContent) as z.output<T['output']>
    },
    close: () => client.close(),
  }
}

/** A failed tool says `CODE: what happened. What to do.`, and nothing else. */
function toldBy(tool: string, text: string): CofferError {
  const [code = '', ...rest] = text.split(': ')
  return isErrorCode(code)
    ? new CofferError(code, `${tool}: ${rest.join(': ')}`)
    : new CofferError('INTERNAL', `${tool} failed: ${text}`)
}

function textOf({ content }: object & { content?: unknown }): string {
  const [first]: unknown[] = Array.isArray(content) ? content : []
  return z.object({ text: z.string() }).safeParse(first).data?.text ?? 'it did not say why.'
}
