import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Many tests spawn real processes; more workers than cores only makes them slow each other down.
    maxWorkers: 2,
    // A busy machine may starve one process of many; the report says what passed only the second time.
    retry: process.env.CI === 'true' ? 1 : 0,
  },
})
