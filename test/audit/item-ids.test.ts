import { expect, it } from 'vitest'
import { itemIdsIn } from '../../src/audit/item-ids.ts'

it('finds connections in arguments, in parts of a result and in its rows, each once', () => {
  const result = {
    connections: [{ item_id: 'b', accounts: [{ account_id: 'x', item_id: 'deep' }] }, { item_id: 'c' }],
    connection: { item_id: 'd' },
    duplicate_of: 'e',
    next_step: { text: 'item_id f' },
    total: 3,
  }
  expect(itemIdsIn({ item_id: 'a', replaces: 'b' }, result)).toEqual(['a', 'b', 'e', 'c', 'd'])
})

it.each([[undefined], [null], ['item_id'], [{ item_id: 7 }], [[]], [{}]])('finds none in %j', (value) => {
  expect(itemIdsIn(value)).toEqual([])
})
