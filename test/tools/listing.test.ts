import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { hintsOf } from '../../src/tools/define.ts'
import { offeredTools, tools } from '../../src/tools/index.ts'
import { listingOf } from '../../src/tools/listing.ts'

const example = {
  name: 'get_example',
  title: 'Example',
  description: 'An example.',
  effect: 'refresh',
  input: z.strictObject({
    days: z.number().int().min(1).default(30).describe('Days'),
    all: z.boolean().optional(),
  }),
  output: z.object({
    total: z.number(),
    connection: z.object({ name: z.string() }).optional(),
    rows: z.array(z.object({ name: z.string(), deep: z.array(z.object({ a: z.string() })) })),
    names: z.array(z.string()),
  }),
  handle: async () => ({}),
} as const

describe('a tool in the list', () => {
  const { inputSchema, outputSchema, annotations } = listingOf(example)

  it('shows its arguments whole: kinds, bounds, defaults, what they mean, and that there are no others', () => {
    expect(inputSchema).toEqual({
      type: 'object',
      properties: {
        days: {
          type: 'integer',
          minimum: 1,
          maximum: Number.MAX_SAFE_INTEGER,
          default: 30,
          description: 'Days',
        },
        all: { type: 'boolean' },
      },
      additionalProperties: false,
    })
  })

  it('shows of its result the fields, and rows as open objects, since every conversation pays for the list', () => {
    expect(outputSchema).toEqual({
      type: 'object',
      properties: {
        total: { type: 'number' },
        connection: { type: 'object' },
        rows: { type: 'array', items: { type: 'object' } },
        names: { type: 'array', items: { type: 'string' } },
      },
      required: ['total', 'rows', 'names'],
    })
  })

  it('names no dialect, which some clients refuse', () => {
    expect(JSON.stringify(tools.map(listingOf))).not.toContain('$schema')
  })

  it('has its title in the hints too', () => {
    expect(annotations.title).toBe('Example')
  })
})

describe('hints', () => {
  it.each([
    ['read', true, false, true, false],
    ['refresh', true, false, true, true],
    ['write', false, false, false, true],
    ['destroy', false, true, false, true],
  ] as const)('of %s', (effect, readOnlyHint, destructiveHint, idempotentHint, openWorldHint) => {
    expect(hintsOf(effect)).toEqual({ readOnlyHint, destructiveHint, idempotentHint, openWorldHint })
  })
})

describe('the whole list', () => {
  it.each(tools.map((tool) => [tool.name, tool] as const))(
    '%s is listed under its name with both schemas',
    (name, tool) => {
      const listing = listingOf(tool)
      expect(listing).toMatchObject({
        name,
        inputSchema: { type: 'object' },
        outputSchema: { type: 'object' },
      })
      expect(Object.keys(listing.inputSchema.properties ?? {})).toEqual(Object.keys(tool.input.shape))
    },
  )

  it('has every tool, and without writing those that only look', () => {
    expect(offeredTools(false)).toEqual(tools)
    expect(offeredTools(true).map(({ name }) => name)).toEqual([
      'list_connections',
      'check_connection',
      'sync_snapshot',
      'get_positions',
      'search_transactions',
      'get_cash_flow',
      'get_upcoming',
      'get_history',
      'reconcile_account',
      'account_health',
      'token_analytics',
    ])
  })
})
