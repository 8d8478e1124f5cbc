import { settings } from '../settings.ts'

type Option = { type: 'string' | 'boolean' }

/** Flags that take no word: their presence means `on`. */
export const switches = ['read-only']

/** One flag for every setting that is no secret, for node's own parser. */
export const optionsOfSettings: Record<string, Option> = Object.fromEntries([
  ['demo', { type: 'boolean' }],
  ...Object.values(settings).flatMap(({ flag }): [string, Option][] =>
    flag === null ? [] : [[flag, { type: switches.includes(flag) ? 'boolean' : 'string' }]],
  ),
])
