import { resultView } from '../view/result.ts'
import { connectHost, type Host, type ToolResult } from './host.ts'

/** Shows in a host what its tools gave, with buttons that call tools through it. */
const { mayChange } = document.documentElement.dataset
/** A person takes some minutes at their bank; each look waits for a while by itself. */
const mostLooks = 40
const lookSeconds = 15

async function run(): Promise<void> {
  const host = await connectHost({
    onResult: (result) => void show(result),
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
      .catch((error: unknown) => say(error instanceof Error ? error.message : 'The host did not answer.'))
      .finally(() => (button.disabled = false))
  })
}

async function press(host: Host, tool: string, args: unknown): Promise<void> {
  say(null)
  const result = await host.callTool(tool, args)
  const { structuredContent: made = {} } = result
  if (result.isError === true || (await show(result))) return
  say('next_step' in made ? textIn(made.next_step) : null)
  if ('url' in made && 'link_id' in made) await followLink(host, made)
}

/** True where the result has a view of its own; a failure is said instead. */
async function show(result: ToolResult): Promise<boolean> {
  const { structuredContent, isError, content } = result
  if (isError === true) say(content?.map(({ text }) => text).join(' ') ?? 'It did not work.')
  if (structuredContent === undefined) return false
  const view = resultView(structuredContent, { now: Date.now(), mayChange: mayChange === 'true' })
  const place = document.getElementById('view')
  if (view === null || place === null) return false
  const focused = document.activeElement?.id ?? ''
  place.innerHTML = String(await view)
  document.getElementById(focused)?.focus()
  return true
}

/** Opens the login at the bank where the server has not, and shows the connections once something has come of it. */
async function followLink(host: Host, made: { url: unknown; link_id: unknown }): Promise<void> {
  const isOpen = 'opened' in made && made.opened === true
  const opened = isOpen || (await host.openLink(String(made.url)).catch(() => null))
  say(opened === null ? `Open this page to log in: ${String(made.url)}` : 'The login is open in the browser.')
  for (let looks = 0; looks < mostLooks; looks += 1) {
    const asked = { link_id: made.link_id, wait_seconds: lookSeconds }
    const { structuredContent: told = {} } = await host.callTool('check_connection', asked)
    const outcome = 'outcome' in told ? told.outcome : 'unknown'
    if (outcome === 'pending' || outcome === 'exited') continue
    say('next_step' in told ? textIn(told.next_step) : `It is ${String(outcome)}.`)
    await show(await host.callTool('list_connections', {}))
    return
  }
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
