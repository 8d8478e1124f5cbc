import { z } from 'zod'
import { statuses } from '../model.ts'

/** The shapes that several tools share; the names are a contract with whoever reads the results. */

export const itemId = z.string().min(1).max(64).describe('From list_connections')

export const limit = (fallback: number) => z.number().int().min(1).max(100).default(fallback)
export const cursor = z.string().max(200).optional().describe('next_cursor of the last page')

export const nextStep = z.object({
  text: z.string(),
  tool: z.string().optional(),
  arguments: z.record(z.string(), z.unknown()).optional(),
})
export type NextStep = z.infer<typeof nextStep>

export const warning = z.object({ code: z.string(), item_id: z.string().optional(), text: z.string() })
export type Warning = z.infer<typeof warning>

export const account = z.object({
  account_id: z.string(),
  name: z.string(),
  mask: z.string().optional(),
  type: z.string(),
  subtype: z.string().optional(),
  current: z.number().optional(),
  available: z.number().optional(),
  limit: z.number().optional(),
  currency: z.string(),
  data_as_of: z.string().optional(),
  same_as: z.string().optional(),
})

export const connection = z.object({
  item_id: z.string(),
  institution: z.string(),
  institution_id: z.string().optional(),
  label: z.string().optional(),
  person: z.string().optional(),
  status: z.enum(statuses),
  needs_reauth: z.boolean(),
  reauth_reason: z.string().optional(),
  reauth_deadline: z.string().optional(),
  new_accounts: z.boolean(),
  environment: z.string(),
  created_at: z.string(),
  last_used_at: z.string().optional(),
  last_synced_at: z.string().optional(),
  last_checked_at: z.string().optional(),
  data_as_of: z.string().optional(),
  accounts: z.array(account),
  next_step: nextStep.optional(),
})

export const source = z.object({
  item_id: z.string(),
  institution: z.string(),
  label: z.string().optional(),
  status: z.enum(statuses),
  source: z.enum(['live', 'cached', 'preparing', 'missing']),
  data_as_of: z.string().optional(),
  last_synced_at: z.string().optional(),
  error: z.object({ code: z.string(), text: z.string() }).optional(),
  next_step: nextStep.optional(),
})

const amount = z.number()

export const totals = z.object({
  currency: z.string(),
  bank_balance: amount,
  credit_owed: amount,
  loans_owed: amount,
  investments: amount,
  net_worth: amount,
  income: amount.optional(),
  expenses: amount.optional(),
  net_cash_flow: amount.optional(),
  monthly_burn: amount.optional(),
  runway_months: z.number().optional(),
  plain_net_cash_flow: amount.optional(),
  pending_net: amount.optional(),
  transfers_excluded: amount.optional(),
  card_payments_excluded: amount.optional(),
  unmatched_transfers: z.object({ count: z.number(), sum: amount }).optional(),
})
