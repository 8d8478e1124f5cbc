import { exitCodeOf } from '../../src/cli/command.ts'
import { CofferError, errorCodes } from '../../src/errors.ts'
import { errorTable } from '../../src/plaid/error-table.ts'
import { code, page, table } from './markdown.mjs'

const intro = `A tool that fails answers \`CODE: what happened. What to do.\`, with \`isError\`. A command prints the same on stderr and
ends with the exit code beside it; 2 is wrong usage, and 0 is success. Codes are stable, sentences are not.`

const plaidIntro = `What Plaid's \`error_code\` becomes. The same table reads the error of an Item. A code that is not in it becomes
\`PLAID_REJECTED\`, with Plaid's code and request id. \`yes\` under "passes" means that the same call may work later
without anybody doing anything.`

export function errorsPage() {
  const ours = Object.entries(errorCodes).map(([name, meaning]) => [
    code(name),
    meaning,
    String(exitCodeOf(new CofferError(name, meaning))),
  ])
  const plaids = [...errorTable].map(([name, translation]) => [
    code(name),
    code(translation.code),
    translation.text,
    translation.fix,
    translation.retryable ? 'yes' : 'no',
  ])
  return page(
    'Errors',
    intro,
    table(['code', 'meaning', 'exit code'], ours),
    "## Plaid's codes",
    plaidIntro,
    table(["Plaid's code", 'code', 'what it says', 'what to do', 'passes'], plaids),
  )
}
