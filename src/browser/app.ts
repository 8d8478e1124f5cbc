import type { Html } from '../view/html.ts'
import { type Checked, furtherButton, outcomeText } from '../view/link.ts'
import { type Drawn, drawnOf, isChecked, isSnapshot, resultView } from '../view/result.ts'
import { connectHost, type Host, madeIn, type ToolResult } from './host.ts'
import { renewKeepingFocus } from './renewal.ts'

/** Shows in a host what its tools gave, with buttons that call tools through it. */
const { mayChange } = document.documentElement.dataset
/** A person takes some minutes at their bank; each look waits for a while by itself. */
const mostLooks = 40
const lookSeconds = 15

async function run(): Promise<void> {
  const host = await connectHost({
    onResult: (result, from) => void show(from, result),
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

async function press(host: Host, tool: string, args: { link_id?: unknown }): Promise<void> {
  say(null)
  const result = await host.callTool(tool, args)
  const made = madeIn(result)
  if ((await show(host, result)) || result.isError === true) return
  const text = 'next_step' in made ? textIn(made.next_step) : null
  say(text)
  if ('pending' in made && text !== null) await openQuestion(host, text)
  // Not waited for: that takes as long as the person does, who may want the button again.
  if ('url' in made && 'link_id' in made) openLogin(host, made).catch(sayFailure)
  if (isChecked(made)) follow(host, args.link_id).catch(sayFailure)
}

/** What is shown by now. */
let shown: object = {}
let drawn: Drawn = {}

/** True where the result has a place on this page; a failure is said instead. */
async function show(host: Host, result: ToolResult): Promise<boolean> {
  if (result.isError === true) sayInstead(textOf(result))
  const made = madeIn(result)
  if (await draw(made)) return true
  if (viewOf(made) === null) return false
  shown = made
  await renew()
  if (isSnapshot(made)) askForDrawings(host)
  return true
}

/** Of what the host may refuse, as may a person whom it asks: the figures stand without it. */
function askForDrawings(host: Host): void {
  if (!host.callsTools) return
  const { flow } = drawn
  // Nobody has asked for more months than were fetched with the figures.
  const months = { group_by: 'month', ...(flow === undefined ? {} : { from: flow.window.from }) }
  const ask = (tool: string, args: object) =>
    void host
      .callTool(tool, args)
      .then((result) => draw(madeIn(result)))
      .catch(() => undefined)
  ask('get_history', { metric: 'net_worth' })
  ask('get_cash_flow', months)
}

/** True for what is drawn beside the figures. */
async function draw(made: object): Promise<boolean> {
  const more = drawnOf(made)
  if (Object.keys(more).length === 0) return false
  drawn = { ...drawn, ...more }
  await renew()
  return true
}

function viewOf(made: object): Html | null {
  return resultView(made, { now: Date.now(), mayChange: mayChange === 'true' }, drawn)
}

/** What a person has opened stays open. */
async function renew(): Promise<void> {
  const [view, place] = [viewOf(shown), document.getElementById('view')]
  if (view === null || place === null) return
  const renewed = document.createElement('div')
  renewed.id = place.id
  renewed.innerHTML = String(await view)
  renewKeepingFocus(place, renewed)
}

/** The page of ours on which a person says yes, where the server has not opened it. */
async function openQuestion(host: Host, text: string): Promise<void> {
  const [page] = /http:\/\/127\.0\.0\.1:\d+\/confirm\/[\w-]+/.exec(text) ?? []
  if (page === undefined || text.includes('was opened in the browser')) return
  const opened = await host.openLink(page).catch(() => null)
  if (opened !== null) say('Nothing was done yet; the page that asks you is open in the browser.')
}

/** At the bank, where the server has not opened it. */
async function openLogin(host: Host, made: { url: unknown; link_id: unknown }): Promise<void> {
  const isOpen = 'opened' in made && made.opened === true
  const opened = isOpen || (await host.openLink(String(made.url)).catch(() => null))
  say(opened === null ? `Open this page to log in: ${String(made.url)}` : 'The login is open in the browser.')
  await follow(host, made.link_id)
}

let followed: unknown = null

/** Shows the connections once something has come of a login. */
async function follow(host: Host, linkId: unknown): Promise<void> {
  const asked = { link_id: linkId, wait_seconds: lookSeconds }
  followed = asked
  for (let looks = 0; looks < mostLooks; looks += 1) {
    const result = await host.callTool('check_connection', asked)
    // A later button has a login of its own, which is told of from then on.
    if (followed !== asked) return
    if (result.isError === true) return say(textOf(result))
    const told = madeIn(result)
    if (!isChecked(told) || told.outcome === 'pending') continue
    if (told.outcome !== 'exited') return await tellOutcome(host, told)
    say('The login was left before its end. Its page can be opened again.')
  }
  say('Nothing has come of the login yet. Once it is done, look again.')
}

async function tellOutcome(host: Host, checked: Checked): Promise<void> {
  say(outcomeText(checked), String(await furtherButton(checked)))
  await show(host, await host.callTool('list_connections', {}))
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

/** @param further HTML */
function say(text: string | null, further = ''): void {
  const place = document.querySelector<HTMLElement>('.notice')
  if (place === null) return
  place.hidden = text === null
  place.textContent = text ?? ''
  place.insertAdjacentHTML('beforeend', further)
}

void run()
