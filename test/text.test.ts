import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cleanText } from '../src/text.ts'

const char = (code: number) => String.fromCodePoint(code)

describe('cleanText', () => {
  it.each([
    ['a plain name stays', 'First Platypus Bank', 'First Platypus Bank'],
    ['other scripts and accents stay', 'Crédit Agricole – 三菱UFJ銀行', 'Crédit Agricole – 三菱UFJ銀行'],
    ['a letter and its accent become one', `Cafe${char(0x301)}`, 'Café'],
    ['white space becomes one space', ' a\t b\r\n\u2028c\u00a0d ', 'a b c d'],
    ['control characters go', `a${char(0)}b${char(7)}c${char(0x7f)}d${char(0x9b)}`, 'abcd'],
    ['colours of a terminal go', `${char(27)}[31mred${char(27)}[0m`, 'red'],
    [
      'a terminal link goes',
      `${char(27)}]8;;http://x.example${char(7)}bank${char(27)}]8;;${char(7)}`,
      'bank',
    ],
    ['bidi marks go', `pay${char(0x202e)}lla${char(0x202c)}${char(0x2066)}x${char(0x2069)}`, 'payllax'],
    ['zero-width characters go', `a${char(0x200b)}b${char(0x200d)}c${char(0xfeff)}d${char(0x2060)}`, 'abcd'],
    [
      'text hidden in tags goes',
      `x${Array.from('evil')
        .map((c) => char(0xe0000 + c.charCodeAt(0)))
        .join('')}`,
      'x',
    ],
    ['text hidden in variation selectors goes', `☕${char(0xfe0f)}${char(0xe0100)}${char(0xe0142)}`, '☕'],
    ['fillers that show nothing go', `${char(0x3164)}a${char(0x115f)}${char(0xad)}`, 'a'],
    ['half of a pair goes', `a${char(0xd800)}b`, 'ab'],
    ['tags of markup are none any more', '<script>x</script>', '‹script›x‹/script›'],
    ['a Markdown link is none any more', '[click](http://x.example)', '(click)(http://x.example)'],
    ['a Markdown image is none any more', '![](http://x.example/?q=1)', '!()(http://x.example/?q=1)'],
  ])('%s', (_what, dirty, clean) => {
    expect(cleanText(dirty, 140)).toBe(clean)
  })

  it('leaves every character of a keyboard be, but for the brackets', () => {
    const all = Array.from({ length: 0x7e - 0x20 }, (_, index) => char(0x21 + index)).join('')
    const clean = all.replace('<', '‹').replace('>', '›').replace('[', '(').replace(']', ')')
    expect(cleanText(all, 140)).toBe(clean)
    for (const one of clean) expect(cleanText(one, 1)).toBe(one)
  })

  it('cuts between characters, and leaves no space at the cut', () => {
    expect(cleanText('ab cd', 3)).toBe('ab')
    expect(cleanText('😀😀😀', 2)).toBe('😀😀')
  })

  it('gives one line of visible characters within the limit, whatever comes in', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...Array.from('<>[]()! \n\u001b[31m\u202e\ufe0f')) }),
    )
    fc.assert(
      fc.property(hostile, fc.integer({ min: 1, max: 80 }), (dirty, max) => {
        const clean = cleanText(dirty, max)
        expect(Array.from(clean).length).toBeLessThanOrEqual(max)
        expect(clean).not.toMatch(/[<>[\]\p{Cc}\p{Cf}\p{DI}\p{Cs}]|^\s|\s$|\s\s/u)
        expect(cleanText(clean, max)).toBe(clean)
      }),
    )
  })
})
