import { isCofferError } from '../../errors.ts'
import { exitCodeOf } from '../command.ts'

/** One line of the report. `code` is the exit code that it alone would give. */
export interface Finding {
  readonly check: string
  readonly ok: boolean
  readonly says: string
  readonly fix?: string
  readonly code?: number
}

export function failed(check: string, error: unknown): Finding {
  const known = isCofferError(error)
  const says = known ? `${error.code}: ${error.message}` : 'broke for a reason that is not known here'
  return {
    check,
    ok: false,
    says,
    ...(known && error.fix ? { fix: error.fix } : {}),
    code: exitCodeOf(error),
  }
}

export function lineOf({ check, ok, says, fix }: Finding): string {
  return `${ok ? '✓' : '✗'} ${check}: ${says}${fix === undefined ? '' : `\n    ${fix.replaceAll('\n', '\n    ')}`}`
}
