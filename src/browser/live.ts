import { renewKeepingFocus } from './renewal.ts'

/**
 * Keeps a page of ours as fresh as what is stored, by whichever process it was written: asks for the version each
 * second while somebody may be looking, and for the page anew when it is another. Without it the page is as it was.
 */
const everyMs = 1_000
/** The ages on it grow by themselves. */
const staleMs = 60_000
/** So many vain tries mean that the server has ended, or that it is away for a while. */
const mostFailures = 3
const endedEveryMs = 5_000

let version = ''
let madeAt = Date.now()
let failures = 0
const ended = endedNotice()

async function look(): Promise<void> {
  if (document.hidden) return
  try {
    const answer = await fetch('/version')
    failures = 0
    ended.remove()
    // Its session is over: the page says how to open it again.
    if (answer.status === 401) return location.reload()
    if (!answer.ok) return
    const now = await answer.text()
    if (now !== version || Date.now() - madeAt > staleMs) await renew(now)
  } catch {
    failures += 1
    if (failures === mostFailures) document.querySelector('main')?.before(ended)
  }
}

/** What is written meanwhile is another version still, and looked at in the next round. */
async function renew(now: string): Promise<void> {
  const answer = await fetch(location.href)
  if (!answer.ok) return
  const made = new DOMParser().parseFromString(await answer.text(), 'text/html')
  const [before, after] = [document, made].map((page) => page.querySelector('main[data-live]'))
  ;[version, madeAt] = [now, Date.now()]
  if (before == null || after == null) return
  const news = newsIn(before)
  renewKeepingFocus(before, after)
  if (newsIn(before) !== news) say(newsIn(before))
}

function newsIn(page: Element): string {
  return page.querySelector('[data-news]')?.textContent ?? ''
}

/** For who does not see the page. */
function say(text: string): void {
  const place = document.getElementById('news')
  if (place !== null) place.textContent = text
}

function endedNotice(): HTMLElement {
  const notice = document.createElement('p')
  notice.className = 'notice'
  notice.setAttribute('role', 'alert')
  notice.textContent =
    'Coffer has ended, and this page is no longer kept up to date. To open it again: coffer-mcp open'
  return notice
}

async function run(): Promise<void> {
  await look()
  setTimeout(() => void run(), failures < mostFailures ? everyMs : endedEveryMs)
}

document.addEventListener('visibilitychange', () => void look())
// The same button is not to be pressed again while its answer is on the way.
document.addEventListener('submit', ({ target }) => {
  if (!(target instanceof HTMLFormElement)) return
  const button = target.querySelector('button')
  setTimeout(() => button?.setAttribute('disabled', ''))
})
void run()
