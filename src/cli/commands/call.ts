import { CofferError } from '../../errors.ts'
import { callTool, type Session, toolNamed } from '../command.ts'

export async function call(session: Session, name: string, args: string): Promise<void> {
  const result = await callTool(toolNamed(name), parsed(args), session)
  session.print(JSON.stringify(result, null, 2))
}

function parsed(text: string): object {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  } catch {
    // Said below, in one way for all that is no object.
  }
  throw new CofferError('INVALID_ARGUMENTS', 'The arguments are not a JSON object.', {
    fix: 'Write them like this: coffer-mcp call sync_snapshot \'{"days": 90}\'',
  })
}
