import { describe, expect, it } from 'vitest'
import { isTemplate, listingOf, resolve, resources } from '../../src/resources/index.ts'

describe.each(resources.map((resource) => [resource.uri, resource] as const))(
  'the resource %s',
  (uri, resource) => {
    it('is listed with what a client shows', () => {
      const { name, title, description, annotations } = listingOf(resource)
      expect(name).toMatch(/^[a-z]+(_[a-z]+)*$/)
      expect(title).toMatch(/\w/)
      expect(description.length).toBeLessThanOrEqual(600)
      expect(annotations.priority).toBeGreaterThanOrEqual(0)
      expect(annotations.priority).toBeLessThanOrEqual(1)
    })

    it('is found by its address, with the argument that it takes', () => {
      const found = resolve(uri.replace('{item_id}', 'vlEznvZJ3AP95X21sET4oaOv2k0Qjk3YyDl46'))
      expect(found.resource).toBe(resource)
      expect(resource.input.safeParse(found.args).success).toBe(true)
      expect(Object.keys(found.args)).toEqual(isTemplate(resource) ? Object.keys(resource.input.shape) : [])
    })
  },
)

describe('an address that names nothing', () => {
  it.each(['', 'coffer:', 'coffer://connections/', 'coffer://connections/a b', 'COFFER://connections'])(
    '%j is refused with those that there are',
    (uri) => {
      expect(() => resolve(uri)).toThrow(
        expect.objectContaining({
          code: 'INVALID_ARGUMENTS',
          fix: `The resources are: ${resources.map((one) => one.uri).join(', ')}.`,
        }),
      )
    },
  )
})
