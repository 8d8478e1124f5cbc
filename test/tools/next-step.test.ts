import { describe, expect, it } from 'vitest'
import { type Connection, type Status, statuses } from '../../src/model.ts'
import { needsAttention, nextStepFor, nextStepText } from '../../src/tools/next-step.ts'
import { nextStep } from '../../src/tools/shapes.ts'
import { tools } from '../../src/tools/index.ts'
import { connection } from '../store/rows.ts'

function row(status: Status, more: Partial<Connection> = {}): Connection {
  return connection({ itemId: 'item-1', institution: 'Tartan Bank', status, newAccounts: false, ...more })
}

describe('the next step', () => {
  it.each([
    ['needs_reauth', 'start_reauth', { item_id: 'item-1' }],
    ['expiring', 'start_reauth', { item_id: 'item-1' }],
    ['preparing', 'check_connection', { item_id: 'item-1' }],
    ['expired', 'connect_bank', { replaces: 'item-1' }],
    ['revoked', 'connect_bank', { replaces: 'item-1' }],
  ] as const)('of one that is %s is %s', (status, tool, args) => {
    expect(nextStepFor(row(status), false)).toMatchObject({ tool, arguments: args })
  })

  it.each(['bank_issue', 'removing'] as const)('of one that is %s is to wait', (status) => {
    const step = nextStepFor(row(status, { reason: 'INSTITUTION_DOWN' }), false)
    expect(step).not.toHaveProperty('tool')
    expect(step?.text).toContain('Tartan Bank')
  })

  it('of a brokerage that is over is to connect a brokerage, by the tool and in a shell', () => {
    const brokerage = row('expired', { products: ['investments'] })
    expect(nextStepFor(brokerage, false)?.arguments).toEqual({ replaces: 'item-1', kind: 'brokerage' })
    expect(nextStepFor(brokerage, true)?.text).toMatch(/connect --replaces item-1 --kind brokerage$/)
  })

  it('of one that works is nothing, or to share what is new', () => {
    expect(nextStepFor(row('active'), false)).toBeUndefined()
    expect(nextStepFor(row('active', { newAccounts: true }), false)).toMatchObject({
      tool: 'start_reauth',
      arguments: { item_id: 'item-1', add_accounts: true },
    })
  })

  it('of one that expires says until when', () => {
    expect(nextStepFor(row('expiring', { deadline: '2026-03-17T08:00:00.000Z' }), false)?.text).toContain(
      '2026-03-17',
    )
  })

  it.each(['ITEM_LOCKED', 'PASSWORD_RESET_REQUIRED', 'USER_SETUP_REQUIRED'])(
    "of %s is something on the bank's own site, and the repair after it",
    (reason) => {
      const text = nextStepFor(row('bank_issue', { reason }), false)?.text
      expect(text).toContain("the bank's own site")
      expect(text).toContain('start_reauth')
    },
  )
})

describe('whoever is asked to do something', () => {
  it.each<[Status, Partial<Connection>, boolean]>([
    ['needs_reauth', {}, true],
    ['expiring', {}, true],
    ['expired', {}, true],
    ['revoked', {}, true],
    ['expired', { replacedBy: 'item-9' }, false],
    ['bank_issue', { reason: 'ITEM_LOCKED' }, true],
    ['bank_issue', { reason: 'INSTITUTION_DOWN' }, false],
    ['active', { newAccounts: true }, true],
    ['active', {}, false],
    ['preparing', {}, false],
    ['removing', {}, false],
  ])('is the owner of one that is %s %j: %s', (status, more, expected) => {
    expect(needsAttention(row(status, more))).toBe(expected)
  })

  it('is told in one text, with the tool and its arguments or the command', () => {
    const news = row('active', { newAccounts: true })
    expect(nextStepText(news, false)).toMatch(
      /Call start_reauth with item_id=item-1 and add_accounts=true\.$/,
    )
    expect(nextStepText(news, true)).toMatch(/In a shell: coffer-mcp reauth --item-id item-1 --add-accounts$/)
    expect(nextStepText(row('active'), false)).toBeUndefined()
  })
})

const everyCase = [
  ...statuses.flatMap((status) => [row(status), row(status, { newAccounts: true })]),
  ...['ITEM_LOCKED', 'INSTITUTION_DOWN'].map((reason) => row('bank_issue', { reason })),
  row('expiring', { deadline: null }),
]

describe.each(everyCase)('whatever the case: $status $reason', (subject) => {
  it('is a whole sentence with the name of the bank, and names only tools that exist', () => {
    const step = nextStepFor(subject, false) ?? { text: 'Tartan Bank works.' }
    expect(nextStep.strict().safeParse(step).success).toBe(true)
    expect(step.text).toMatch(/^(?=.*Tartan Bank)[A-Z].*\.$/)
    expect([undefined, ...tools.map(({ name }) => name)]).toContain(step.tool)
    const tool = tools.find(({ name }) => name === step.tool)
    expect(tool?.input.safeParse(step.arguments).success ?? true).toBe(true)
  })

  it('names a command in place of a tool that changes something, where changes are switched off', () => {
    const tool = tools.find(({ name }) => name === nextStepFor(subject, false)?.tool)
    const changes = tool?.effect === 'write'
    const step = nextStepFor(subject, true)
    const offered = tools.find(({ name }) => name === step?.tool)
    expect(offered === undefined || offered.effect === 'refresh').toBe(true)
    expect(step?.text ?? '').not.toMatch(/start_reauth|connect_bank/)
    expect(!changes || /\. In a shell: coffer-mcp (reauth|connect) --/.test(step?.text ?? '')).toBe(true)
  })
})
