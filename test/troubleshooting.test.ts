import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { errorCodes } from '../src/errors.ts'

it('docs/troubleshooting.md says what to do about every error that a person can meet', () => {
  const text = readFileSync(join(import.meta.dirname, '../docs/troubleshooting.md'), 'utf8')
  expect(Object.keys(errorCodes).filter((code) => !text.includes(`\`${code}\``))).toEqual([])
})
