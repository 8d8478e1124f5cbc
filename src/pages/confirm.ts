import { isCofferError, sentencesOf } from '../errors.ts'
import type { ApprovedAction } from '../approved-action.ts'
import type { PagesDeps } from './index.ts'
import type { Html } from '../view/html.ts'
import { plain } from '../view/plain.ts'
import { type Message, messagePage, questionPage } from './layout.ts'

interface Asked {
  readonly status: 200 | 410
  readonly page: Html
}

interface Answered {
  readonly status: 200 | 410
  readonly message: Message
}

/**
 * Asks the person for a yes, and does it. Opening the page does nothing, so that a preview of the link does not; the
 * button works once.
 */
export function confirmation({ approvals, perform }: Pick<PagesDeps, 'approvals' | 'perform'>) {
  return {
    async ask(token: string): Promise<Asked> {
      const action = await approvals.find(token)
      return action === null
        ? { status: 410, page: messagePage(over.message) }
        : { status: 200, page: questionPage({ ...question, text: action.question }) }
    },
    async answer(token: string, isYes: boolean): Promise<Answered> {
      const action = await approvals.take(token)
      if (action === null) return over
      return { status: 200, message: isYes ? await outcome(action) : no }
    },
  }

  async function outcome(action: ApprovedAction): Promise<Message> {
    try {
      return { title: 'You said yes', text: await perform(action) }
    } catch (error) {
      if (!isCofferError(error)) throw error
      return { title: 'It could not be done', text: plain(sentencesOf(error)) }
    }
  }
}

const question = { title: 'Do you want this?', yes: 'Yes, do it', no: 'No, leave everything as it is' }
const no = {
  title: 'Nothing was done',
  text: 'Everything is as it was. You can close this window and go back to the chat.',
}
const over: Answered = {
  status: 410,
  message: {
    title: 'There is nothing to answer here',
    text: 'This question was answered already, or is older than five minutes, and nothing was done now. Go back to the chat and ask again.',
  },
}
