import { settings } from '../../src/settings.ts'

/** What the person fills in, by setting: the host keeps what is sensitive in the system's keychain. */
const asked = {
  clientId: secret('Plaid client id', 'From dashboard.plaid.com, under Developers > Keys'),
  secret: secret('Plaid secret', 'That of the environment below, from the same page'),
  passphrase: secret(
    'Passphrase for bank tokens',
    'At least 16 characters. The access tokens of your banks are sealed with it; keep a copy, since nobody else has it',
  ),
  environment: text('Plaid environment', 'sandbox (made-up banks) or production (real ones)'),
  products: text('Plaid products', 'What you agree to use at all; Plaid bills some of them'),
  countryCodes: text('Countries', 'Of your banks, two letters each, comma-separated'),
  readOnly: flag('Read only', 'Takes all tools away that change anything'),
  ledger: flag(
    'Keep transactions',
    'On: transactions are kept on this computer. Off: daily sums and single transfers without text',
  ),
}

export const userConfig = Object.fromEntries(
  Object.entries(asked).map(([name, field]) => [nameOf(name), withDefault(field, settings[name])]),
)

/** The environment of the server. */
export const variables = Object.fromEntries(
  Object.keys(asked).map((name) => [settings[name].variable, `\${user_config.${nameOf(name)}}`]),
)

function nameOf(name) {
  return settings[name].variable.toLowerCase()
}

function secret(title, description) {
  return { type: 'string', title, description, sensitive: true, required: true }
}

function text(title, description) {
  return { type: 'string', title, description, required: false }
}

function flag(title, description) {
  return { type: 'boolean', title, description, required: false }
}

function withDefault(field, { fallback }) {
  if (fallback === null) return field
  return { ...field, default: field.type === 'boolean' ? fallback === 'on' : fallback }
}
