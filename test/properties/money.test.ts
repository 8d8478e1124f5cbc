import { expect, it } from 'vitest'
import { properties } from './index.ts'
import { seedOfRun } from './property.ts'

const seed = seedOfRun()

// A few worlds of each; the suite `properties` has them all.
it.each(properties)('$about: $says', async ({ worlds, broken }) => {
  expect(await broken(Math.ceil(worlds / 40), seed)).toBeNull()
})
