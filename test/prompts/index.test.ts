import { describe, expect, it } from 'vitest'
import { listingOf, prompts } from '../../src/prompts/index.ts'
import { tools } from '../../src/tools/index.ts'

describe.each(prompts.map((prompt) => [prompt.name, prompt] as const))('the prompt %s', (name, prompt) => {
  it('is listed with what a client shows, and asks for nothing', () => {
    const { title, description, arguments: args } = listingOf(prompt)
    expect(name).toMatch(/^[a-z]+(_[a-z]+)*$/)
    expect(title).toMatch(/\w/)
    expect(description.length).toBeGreaterThan(40)
    expect(description.length).toBeLessThanOrEqual(600)
    for (const argument of args) {
      expect(argument.required).toBe(false)
      expect(argument.description).toMatch(/\w/)
    }
  })

  it('completes arguments that it has', () => {
    const names = listingOf(prompt).arguments.map((argument) => argument.name)
    expect(names).toEqual(expect.arrayContaining(Object.keys(prompt.completions)))
  })

  it('names only tools that exist', () => {
    const words = prompt.withoutState('', false).match(/\b[a-z]+_[a-z]+\b/g) ?? []
    const fields = ['wait_seconds', 'link_id', 'next_step', 'item_id', 'link_expired', 'max_age_minutes']
    const known = [...tools.map((tool) => tool.name), ...fields]
    expect(words.filter((word) => !known.includes(word))).toEqual([])
  })
})
