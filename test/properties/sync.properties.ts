import { expect, it } from 'vitest'
import { broken, seedOfRun } from './property.ts'
import { syncProperties } from './sync/index.ts'

const seed = seedOfRun()

it.each(syncProperties)('$about: $says', async (property) => {
  expect(await broken(property, seed)).toBeNull()
})
