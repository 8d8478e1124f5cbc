import { resultView } from '../view/result.ts'
import { connectHost, type Host, madeIn, type ToolResult } from './host.ts'

/** Shows in a host what its tools gave, with buttons that call tools through it. */
const { mayChange } = document.documentElement.dataset
/** A person takes some minutes at their bank; each look waits for a while by itself. */
const mostLooks = 40
const lookSeconds = 15

async function run(): Promise<void> {
  const host = await connectHost({
    onResult: (result) => void show(result),
    onCancelled: () => sayInstead('The call was stopped, so there are no figures to be shown.'),
    onTheme(theme) {
      document.documentElement.dataset.theme = theme
    },
  })
  document.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest('button') : null
    const { tool, arguments: args } = button?.dataset ?? {}
    if (button === null || tool === undefined) return
    // The form around it is for the local pages, and goes nowhere in a host.
    event.preventDefault()
    button.disabled = true
    press(host, tool, JSON.parse(args ?? '{}'))
      .catch(sayFailure)
      .finally(() => (button.disabled = false))
  })
}

async function press(host: Host, tool: string, args: unknown): Promise<void> {
  say(null)
  const result = await host.callTool(tool, args)
  const made = madeIn(result)
  if (result.isError === true || (await show(result))) return
  const text = 'next_step' in made ? textIn(made.next_step) : null
  say(text)
  if ('pending' in made && text !== null) await openQuestion(host, text)
  // Not waited for: that takes as long as the person does, who may want the button again.
  if ('url' in made && 'link_id' in made) followLink(host, made).catch(sayFailure)
}

/** True where the result has a view of its own; a failure is said instead. */
async function show(result: ToolResult): Promise<boolean> {
  if (result.isError === true) sayInstead(textOf(result))
  const view = resultView(madeIn(result), { now: Date.now(), mayChange: mayChange === 'true' })
  const place = document.getElementById('view')
  if (view === null || place === null) return false
  const focused = document.activeElement?.id ?? ''
  place.innerHTML = String(await view)
  document.getElementById(focused)?.focus()
  return true
}

/** The page of ours on which a person says yes, where the server has not opened it. */
async function openQuestion(host: Host, text: string): Promise<void> {
  const [page] = /http:\/\/127\.0\.0\.1:\d+\/confirm\/[\w-]+/.exec(text) ?? []
  if (page === undefined || text.includes('was opened in the browser')) return
  const opened = await host.openLink(page).catch(() => null)
  if (opened !== null) say('Nothing was done yet; the page that asks you is open in the browser.')
}

let followed: unknown = null

/** Opens the login at the bank where the server has not, and shows the connections once something has come of it. */
async function followLink(host: Host, made: { url: unknown; link_id: unknown }): Promise<void> {
  followed = made
  const isOpen = 'opened' in made && made.opened === true
  const opened = isOpen || (await host.openLink(String(made.url)).catch(() => null))
  say(opened === null ? `Open this page to log in: ${String(made.url)}` : 'The login is open in the browser.')
  for (let looks = 0; looks < mostLooks; looks += 1) {
    const asked = { link_id: made.link_id, wait_seconds: lookSeconds }
    const result = await host.callTool('check_connection', asked)
    // A later button has a login of its own, which is told of from then on.
    if (followed !== made) return
    if (result.isError === true) return say(textOf(result))
    const told = madeIn(result)
    const outcome = 'outcome' in told ? told.outcome : null
    if (outcome === 'exited') say('The login was left before its end. Its page can be opened again.')
    if (outcome === 'pending' || outcome === 'exited') continue
    say('next_step' in told ? textIn(told.next_step) : null)
    await show(await host.callTool('list_connections', {}))
    return
  }
  say('Nothing has come of the login yet. Once it is done, look again.')
}

function textOf({ content }: ToolResult): string {
  return content?.map(({ text }) => text).join(' ') ?? 'It did not work.'
}

function sayFailure(error: unknown): void {
  say(error instanceof Error ? error.message : 'The host did not answer.')
}

/** There is nothing to wait for any more. */
function sayInstead(text: string): void {
  document.getElementById('waiting')?.remove()
  say(text)
}

function textIn(step: unknown): string | null {
  return typeof step === 'object' && step !== null && 'text' in step ? String(step.text) : null
}

function say(text: string | null): void {
  const place = document.querySelector<HTMLElement>('.notice')
  if (place === null) return
  place.hidden = text === null
  place.textContent = text ?? ''
}

void run()
