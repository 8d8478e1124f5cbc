import { expect, it } from 'vitest'
import { seedOfRun } from './property.ts'
import { syncProperties } from './sync/index.ts'

const seed = seedOfRun()

// A few worlds of each; the suite `properties` has them all.
it.each(syncProperties)('$about: $says', async ({ worlds, broken }) => {
  expect(await broken(Math.ceil(worlds / 100), seed)).toBeNull()
})
