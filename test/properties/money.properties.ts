import { afterAll, expect, it } from 'vitest'
import { properties } from './index.ts'
import { seedOfRun } from './property.ts'

const seed = seedOfRun()
const asked = Number(process.env['PROPERTY_WORLDS'] ?? 1)
let held = 0

it.each(properties)('$about: $says', async ({ about, says, worlds, broken }) => {
  const tried = Math.ceil(worlds * asked)
  const told = await broken(tried, seed)
  if (about !== 'decimals' && told === null) held += tried
  say(`${about}: ${tried} worlds (target ${worlds}), ${told === null ? 0 : 1} broken (target 0): ${says}`)
  expect(told).toBeNull()
})

afterAll(() => {
  say(`${held} worlds in all (target 10000) with not one minor unit off, seed ${seed}`)
})

function say(line: string): void {
  process.stdout.write(`properties: ${line}\n`)
}
