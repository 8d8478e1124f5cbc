import type { z } from 'zod'
import type { AnyPrompt } from './define.ts'
import { financialCoach } from './financial-coach.ts'
import { fixConnections } from './fix-connections.ts'
import { monthlyReview } from './monthly-review.ts'

/** Every prompt, in the order of the documentation. */
export const prompts: readonly AnyPrompt[] = [financialCoach, fixConnections, monthlyReview]

/** One prompt as `prompts/list` shows it. */
export function listingOf({ name, title, description, input }: AnyPrompt) {
  const shape: Readonly<Record<string, z.ZodType>> = input.shape
  return {
    name,
    title,
    description,
    arguments: Object.entries(shape).map(([argument, schema]) => ({
      name: argument,
      description: schema.description,
      required: !schema.safeParse(undefined).success,
    })),
  }
}
