import { createHash } from 'node:crypto'
import { html, raw } from 'hono/html'

export type Html = ReturnType<typeof html>

export interface AccountChoice {
  readonly id: string
  readonly name: string
  readonly isChosen: boolean
}

export interface LoginForm {
  readonly clientName: string
  /** Where the form is sent to. */
  readonly action: string
  /** One bank in update mode, else those to choose from. */
  readonly banks: readonly { id: string; name: string }[]
  readonly isUpdate: boolean
  readonly bankId: string | null
  readonly username: string
  readonly password: string
  /** What is asked for besides, in Plaid's words. */
  readonly consented: readonly string[]
  /** Those to choose from; none where there is no choice. */
  readonly accounts: readonly AccountChoice[]
  /** What the bank said to the last try. */
  readonly refusal: string | null
}

const css = `body{font:16px/1.5 system-ui,sans-serif;max-width:30rem;margin:3rem auto;padding:0 1rem;color:#1b1f24;background:#fff}
label{display:block;margin:1rem 0 .25rem;font-weight:600}
select,input:not([type=checkbox]){width:100%;padding:.5rem;font:inherit;box-sizing:border-box;border:1px solid #57606a;border-radius:4px}
fieldset{margin:1rem 0;border:1px solid #57606a;border-radius:4px}
fieldset label{font-weight:400}
button{display:block;width:100%;margin:.75rem 0;padding:.6rem;font:inherit;cursor:pointer}
button[value=success]{background:#0b5cad;color:#fff;border:0;border-radius:4px}
[role=alert]{border-left:4px solid #b00020;padding:.5rem 1rem;background:#fdecee}
.note{color:#57606a;font-size:.9rem}`

const styleHash = createHash('sha256').update(css).digest('base64')

/** No script, no other origin, and after the form no place but ours and the one to go back to. */
export function policyOf(completionUri: string | null): string {
  const back = completionUri === null ? '' : ` ${originOf(completionUri)}`
  return [
    "default-src 'none'",
    `style-src 'sha256-${styleHash}'`,
    `form-action 'self'${back}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

export function loginPage(form: LoginForm): Html {
  const title = form.isUpdate ? 'Log in to your bank again' : 'Connect your bank'
  return layout(
    title,
    html`<p>${form.clientName} asks for access to your accounts.</p>
      ${form.consented.length === 0 ? '' : html`<p>It also asks for: ${form.consented.join(', ')}.</p>`}
      ${form.refusal === null ? '' : html`<p role="alert">${form.refusal}</p>`}
      <form method="post" action="${form.action}">
        <label for="institution_id">Bank</label>
        <select id="institution_id" name="institution_id">
          ${form.banks.map(
            ({ id, name }) =>
              html`<option value="${id}" ${id === form.bankId ? raw('selected') : ''}>${name}</option>`,
          )}
        </select>
        <label for="username">User name</label>
        <input id="username" name="username" value="${form.username}" autocomplete="off" required />
        <label for="password">Password</label>
        <input id="password" name="password" type="password" value="${form.password}" autocomplete="off" required />
        ${form.accounts.length === 0 ? '' : accountChoices(form.accounts)}
        <button name="choice" value="success">Log in</button>
        <button name="choice" value="wrong">Log in with a wrong password</button>
        <button name="choice" value="cancel" formnovalidate>Cancel</button>
      </form>
      <p class="note">This is a simulated bank: nothing here is real and nothing leaves this computer. To leave without an answer, just close this page.</p>`,
  )
}

function accountChoices(accounts: readonly AccountChoice[]): Html {
  return html`<fieldset>
    <legend>Accounts to share</legend>
    ${accounts.map(
      ({ id, name, isChosen }) =>
        html`<label><input type="checkbox" name="account_id" value="${id}" ${isChosen ? raw('checked') : ''} /> ${name}</label>`,
    )}
  </fieldset>`
}

export function messagePage(title: string, text: string): Html {
  return layout(title, html`<p>${text}</p>`)
}

function layout(title: string, content: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <style>${raw(css)}</style>
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          ${content}
        </main>
      </body>
    </html>`
}

function originOf(uri: string): string {
  const { origin, protocol } = new URL(uri)
  return origin === 'null' ? protocol : origin
}
