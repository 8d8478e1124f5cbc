import { expect, it } from 'vitest'
import type { ApprovedAction } from '../../src/approved-action.ts'
import { Secret } from '../../src/secret.ts'
import { confirm } from '../../src/tools/confirm.ts'

const action: ApprovedAction = { removals: [], question: 'Remove it?' }
const command = 'coffer-mcp tokens revoke item-1 --yes'

async function asked(page: string | null, opens: boolean) {
  const opened: string[] = []
  const answer = await confirm(action, command, {
    elicitYes: null,
    approve: async () => (page === null ? null : new Secret(page)),
    async openPage(url) {
      opened.push(url.open())
      return opens
    },
  })
  return { answer, opened }
}

it('names the command where no page can be had', async () => {
  const { answer } = await asked(null, true)
  expect(answer?.next_step.text).toBe(`Nothing was done yet; only a person can do it, in a shell: ${command}`)
})

it('opens the page where there is a browser, and gives its address either way', async () => {
  const page = 'http://127.0.0.1:8766/confirm/x'
  const [shown, given] = [await asked(page, true), await asked(page, false)]
  expect(shown.answer?.next_step.text).toContain('which was opened in the browser, to confirm')
  expect(given.answer?.next_step.text).not.toContain('opened')
  for (const { answer, opened } of [shown, given]) {
    expect(answer?.next_step.text).toMatch(new RegExp(`${page}$`))
    expect(opened).toEqual([page])
  }
})
