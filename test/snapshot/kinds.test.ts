import { describe, expect, it } from 'vitest'
import { isKind, isLook, type Kind, kindAlone, kinds, type Look, looks } from '../../src/snapshot/kinds.ts'

describe('a row without a partner', () => {
  it.each<[Look, Kind, Kind]>([
    ['plain', 'income', 'expense'],
    ['transfer', 'unmatched_transfer', 'unmatched_transfer'],
    ['card_payment', 'refund', 'expense'],
    ['loan_payment', 'refund', 'loan_payment'],
    ['income', 'income', 'expense'],
    ['interest', 'interest', 'expense'],
    ['dividend', 'dividend', 'expense'],
    ['purchase', 'refund', 'expense'],
    ['fee', 'refund', 'fee'],
  ])('on a bank account, that looks like %s, is %s in and %s out', (look, into, out) => {
    expect(kindAlone(look, 'depository', 1)).toBe(into)
    expect(kindAlone(look, 'depository', -1)).toBe(out)
  })

  it.each<[Look, Kind, Kind]>([
    ['plain', 'refund', 'expense'],
    ['transfer', 'card_payment', 'unmatched_transfer'],
    ['card_payment', 'card_payment', 'card_payment'],
    ['loan_payment', 'card_payment', 'loan_payment'],
    ['income', 'refund', 'expense'],
    ['interest', 'refund', 'expense'],
    ['dividend', 'refund', 'expense'],
    ['purchase', 'refund', 'expense'],
    ['fee', 'refund', 'fee'],
  ])('on a card, that looks like %s, is %s in and %s out', (look, into, out) => {
    expect(kindAlone(look, 'credit', 1)).toBe(into)
    expect(kindAlone(look, 'credit', -1)).toBe(out)
  })
})

it('knows its own words, and no others', () => {
  expect(kinds.every(isKind)).toBe(true)
  expect(looks.every(isLook)).toBe(true)
  expect(isKind('gamble')).toBe(false)
  expect(isLook('toString')).toBe(false)
})
