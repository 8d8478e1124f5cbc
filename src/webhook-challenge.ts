import { createHmac } from 'node:crypto'

/** By these headers `doctor` finds out whether an address leads to the listener of its own data directory. */
export const challengeHeader = 'x-coffer-challenge'
export const challengeAnswerHeader = 'x-coffer-answer'

export function isChallenge(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text)
}

/** What only a program with this database answers; tells nothing of the id. */
export function answerToChallenge(databaseId: string, challenge: string): string {
  return createHmac('sha256', databaseId).update(challenge).digest('hex')
}
