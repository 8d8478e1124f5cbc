import { describe, expect, it } from 'vitest'
import { connectBank } from '../../src/tools/connect-bank.ts'
import { openRooms } from '../support/rooms.ts'

describe.each(['label', 'person'])('%s', (name) => {
  const given = (text: string) => connectBank.input.safeParse({ [name]: text })

  it.each([
    ['joint', 'joint'],
    ['  Ana and\n\tBea ', 'Ana and Bea'],
    ['\u001b[31mred\u001b[0m', 'red'],
    ['\u202egnp.exe', 'gnp.exe'],
    ['zero\u200bwidth', 'zerowidth'],
    ['[x](http://x.example) <b>', '(x)(http://x.example) ‹b›'],
  ])('is held to what any foreign text is: %j', (text, clean) => {
    expect(given(text).data).toMatchObject({ [name]: clean })
  })

  it.each(['', '  ', '\u200b\u202e', 'x'.repeat(61)])(
    'is refused when nothing or too much is there: %j',
    (text) => {
      expect(given(text).error?.issues).toMatchObject([{ path: [name] }])
    },
  )
})

it('stops when nobody waits for the link any more', async () => {
  await using rooms = await openRooms()
  // With a key already there, Plaid is all that is waited for.
  await rooms.connect()
  rooms.simulator.controls.failNext('/link/token/create', { kind: 'hang' })
  const stop = new AbortController()
  const context = {
    ...rooms.app,
    signal: stop.signal,
    progress: () => undefined,
    elicitUrl: null,
    elicitYes: null,
  }
  const link = connectBank.handle(connectBank.input.parse({}), context)
  setTimeout(() => stop.abort(), 50)
  await expect(link).rejects.toMatchObject({ code: 'CANCELLED' })
})
