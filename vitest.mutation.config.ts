import { defineConfig } from 'vitest/config'

// The tests that a mutant of the money code is held against; which files are mutated is in stryker.config.json.
// Stryker cannot read tsconfig.json with a TypeScript that is no JavaScript any more, so it is not shown it.
const subjects = 'flow,judge,kinds,look,matching,pairs,row,verdicts'

export default defineConfig({
  test: {
    include: ['test/money.test.ts', `test/snapshot/{${subjects}}.test.ts`],
    setupFiles: ['test/mutation/short-properties.ts'],
  },
})
