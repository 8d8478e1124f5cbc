import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { removeMember, setMember } from '../../src/cli/json-edit.ts'

const place = ['servers', 'one'] as const

describe('setMember', () => {
  it.each([
    ['an empty object', '{}', '{\n  "servers": {\n    "one": 1\n  }\n}'],
    ['other members', '{\n  "a": [1, 2]\n}\n', '{\n  "a": [1, 2],\n  "servers": {\n    "one": 1\n  }\n}\n'],
    ['an empty parent', '{\n\t"servers": {}\n}', '{\n\t"servers": {\n\t\t"one": 1\n\t}\n}'],
    [
      'a neighbour',
      '{\n  "servers": {\n    "two": {"x":[]}\n  }\n}',
      '{\n  "servers": {\n    "two": {"x":[]},\n    "one": 1\n  }\n}',
    ],
    ['an old value', '{ "servers": { "one": {"a": "}"}, "b": 2 } }', '{ "servers": { "one": 1, "b": 2 } }'],
    ['Windows lines', '{\r\n  "servers": {}\r\n}', '{\r\n  "servers": {\r\n    "one": 1\r\n  }\r\n}'],
    ['a mark at the start', '\uFEFF{ "servers": { "one": 0 } }', '\uFEFF{ "servers": { "one": 1 } }'],
    ['a name that is escaped', '{ "servers": { "\\u006fne": 0 } }', '{ "servers": { "\\u006fne": 1 } }'],
    ['a name given twice', '{"servers":{"one":0,"one":2}}', '{"servers":{"one":0,"one":1}}'],
    [
      'a name elsewhere',
      '{"x":{"servers":{"one":0}},"servers":{"one":2}}',
      '{"x":{"servers":{"one":0}},"servers":{"one":1}}',
    ],
  ])('keeps %s', (_what, before, after) => {
    expect(setMember(before, place, 1)).toBe(after)
  })

  it('says what a parse, a change and a print would say, whatever the file', () => {
    fc.assert(
      fc.property(objects, layouts, fc.jsonValue(), (object, layout, value) => {
        const text = JSON.stringify(object, null, layout)
        expect(JSON.parse(setMember(text, ['a key', 'b'], value))).toEqual(
          JSON.parse(JSON.stringify({ ...object, 'a key': { b: value } })),
        )
      }),
    )
  })
})

describe('removeMember', () => {
  it.each([
    ['the only one', '{ "servers": {\n  "one": {"a": "{"}\n} }', '{ "servers": {} }'],
    ['the first', '{"servers":{"one":1, "two":2}}', '{"servers":{"two":2}}'],
    ['the last', '{"servers":{"two":2,\n "one":[1,{}]}}', '{"servers":{"two":2}}'],
    ['the middle one', '{"servers":{"a":1, "one":2, "b":3}}', '{"servers":{"a":1, "b":3}}'],
    ['none', '{"servers":{"a":1}}', '{"servers":{"a":1}}'],
    ['none, without a parent', '{"one":1}', '{"one":1}'],
  ])('takes out %s', (_what, before, after) => {
    expect(removeMember(before, place)).toBe(after)
  })

  it('undoes what setMember did, to the byte', () => {
    fc.assert(
      fc.property(objects, objects, layouts, fc.jsonValue(), (object, neighbours, layout, value) => {
        const text = JSON.stringify({ ...object, parent: neighbours }, null, layout)
        expect(removeMember(setMember(text, ['parent', 'a key'], value), ['parent', 'a key'])).toBe(text)
      }),
    )
  })
})

const layouts = fc.constantFrom('', '  ', '\t', '    ')
/** Objects as a client's file may hold, none with the name that the tests use, nor the one that sets a prototype. */
const objects = fc.dictionary(
  fc.string().filter((key) => !['a key', 'parent', '__proto__'].includes(key)),
  fc.jsonValue(),
)
