import { defineConfig } from 'vitest/config'

const shared = {
  testTimeout: 30_000,
  hookTimeout: 30_000,
  // A busy machine may starve one process of many; the report says what passed only the second time.
  retry: process.env.CI === 'true' ? 1 : 0,
}

/** Named after other suites, and run in the torture alone: their figures stand beside their targets in its report. */
const figures = [
  'test/security/canary.security.ts',
  'test/security/injection.security.ts',
  'test/security/removal.security.ts',
  'test/vault/keychain.processes.ts',
  'test/vault/record.security.ts',
  'test/vault/first-start.processes.ts',
  'test/security/webhook/mutations.security.ts',
]

// What takes long is a suite of its own, so that `npm test` stays short: commands and copies that wait for real time,
// attacks, what needs programs of others (third-party/), and long fights with processes that are killed.
export default defineConfig({
  test: {
    // Many tests spawn real processes; more workers than cores only makes them slow each other down.
    maxWorkers: 2,
    projects: [
      { test: { ...shared, name: 'main', include: ['test/**/*.test.ts'] } },
      { test: { ...shared, name: 'processes', include: ['test/**/*.processes.ts'], exclude: figures } },
      {
        test: {
          ...shared,
          name: 'security',
          include: ['test/**/*.security.ts'],
          exclude: figures,
          testTimeout: 180_000,
          // Figures of time and memory are taken here: one file after the other.
          fileParallelism: false,
        },
      },
      {
        test: {
          ...shared,
          name: 'conformance',
          include: ['test/**/*.conformance.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      { test: { ...shared, name: 'properties', include: ['test/**/*.properties.ts'], testTimeout: 180_000 } },
      {
        test: {
          ...shared,
          name: 'torture',
          include: ['test/**/*.torture.ts', ...figures],
          testTimeout: 600_000,
        },
      },
    ],
  },
})
