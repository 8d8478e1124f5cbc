export type Choice = 'success' | 'wrong' | 'cancel'

export interface Click {
  /** Where the page sent the person, or null. */
  readonly redirectedTo: string | null
  /** The page's heading, and what the bank said, if it refused. */
  readonly heading: string
  readonly refusal: string | null
}

/** What a person would type; what is left out stays as the page has it. */
export interface Typing {
  institutionId?: string
  username?: string
  password?: string
  /** The accounts to tick, where there is a choice. */
  accountIds?: string[]
}

/** Opens a hosted Link URL and does what a person would do, through the page's own form and by real HTTP. */
export async function clickLink(url: string, choice: Choice, typing: Typing = {}): Promise<Click> {
  const opened = await fetch(url)
  const page = await opened.text()
  const action = textOf(/<form method="post" action="([^"]*)"/, page)
  if (action === null) throw new Error(`the link shows no form: ${headingOf(page)}`)
  if (!page.includes(`name="choice" value="${choice}"`)) throw new Error(`the page has no button ${choice}`)

  const body = new URLSearchParams({
    institution_id: typing.institutionId ?? firstBank(page),
    username: typing.username ?? valueOf('username', page),
    password: typing.password ?? valueOf('password', page),
    choice,
  })
  for (const id of typing.accountIds ?? tickedAccounts(page)) body.append('account_id', id)
  const answer = await fetch(new URL(action, url), { method: 'POST', body, redirect: 'manual' })
  const next = await answer.text()
  return {
    redirectedTo: answer.headers.get('location'),
    heading: headingOf(next),
    refusal: textOf(/<p role="alert">([^<]*)</, next),
  }
}

/** The same, and goes where the page sends the person in the end, as a browser does. */
export async function finishLink(url: string, choice: Choice, typing: Typing = {}): Promise<Click> {
  const click = await clickLink(url, choice, typing)
  // Whoever made the link may have ended, and its page with it.
  if (click.redirectedTo !== null) await fetch(click.redirectedTo).catch(() => null)
  return click
}

function headingOf(page: string): string {
  return textOf(/<h1>([^<]*)</, page) ?? ''
}

function firstBank(page: string): string {
  return textOf(/<option value="([^"]*)" selected/, page) ?? textOf(/<option value="([^"]*)"/, page) ?? ''
}

function tickedAccounts(page: string): string[] {
  const ticked = page.matchAll(/<input type="checkbox" name="account_id" value="([^"]*)" checked/g)
  return [...ticked].map(([, id = '']) => unescaped(id))
}

function valueOf(name: string, page: string): string {
  return textOf(new RegExp(`<input[^>]*name="${name}"[^>]*value="([^"]*)"`), page) ?? ''
}

function textOf(pattern: RegExp, page: string): string | null {
  const found = pattern.exec(page)?.[1]
  return found === undefined ? null : unescaped(found)
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }

function unescaped(text: string): string {
  return text.replaceAll(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => entities[name] ?? '')
}
