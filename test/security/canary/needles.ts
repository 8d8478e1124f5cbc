/** A planted secret in one of the forms in which it may slip out. */
export interface Needle {
  readonly what: string
  readonly form: string
  readonly text: string
}

/** Long enough that no other text has it by chance, short enough that a secret cut in two is still found. */
const partLength = 12

/** What to look for: each secret as it is, escaped, encoded, and its end alone. */
export function needlesOf(planted: ReadonlyMap<string, string>): readonly Needle[] {
  return [...planted].flatMap(([value, what]) => {
    const forms: [string, string][] = [
      ['as it is', value],
      ['in JSON', JSON.stringify(value).slice(1, -1)],
      ['in a URL', encodeURIComponent(value)],
      ['in hex', Buffer.from(value).toString('hex')],
      ...[0, 1, 2].map((shift): [string, string] => ['in base64', base64Within(value, shift)]),
      // A page's address is no secret in parts.
      ...(value.length >= 24 && what !== 'hosted link'
        ? [['its end', value.slice(-partLength)] as [string, string]]
        : []),
      ...(what === 'sealing key' ? keyForms(value) : []),
    ]
    return forms.map(([form, text]) => ({ what, form, text }))
  })
}

/** How it looks in the base64 of something longer in which it begins after `shift` bytes more than a multiple of three. */
function base64Within(value: string, shift: number): string {
  const whole = Buffer.concat([Buffer.alloc(shift), Buffer.from(value)]).toString('base64')
  return whole.slice(shift === 0 ? 0 : 4).replace(/.{0,4}$/, '')
}

/** A file has it in base64url; a dump would have it otherwise. */
function keyForms(value: string): [string, string][] {
  const bytes = Buffer.from(value, 'base64url')
  return [
    ['as hex of the bytes', bytes.toString('hex')],
    ['as base64 of the bytes', bytes.toString('base64')],
    ['as bytes', bytes.toString('latin1')],
  ]
}
