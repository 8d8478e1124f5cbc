import { afterAll, expect, it } from 'vitest'
import { properties } from './index.ts'
import { broken, say, seedOfRun, worldsOf } from './property.ts'

const seed = seedOfRun()
let held = 0

it.each(properties)('$about: $says', async (property) => {
  const told = await broken(property, seed)
  if (property.about !== 'decimals' && told === null) held += worldsOf(property)
  expect(told).toBeNull()
})

afterAll(() => {
  say(`${held} worlds in all (target 10000) with not one minor unit off, seed ${seed}`)
})
