import { defineConfig } from 'vitest/config'

/** The unit tests of the rooms in which faults are made; those of the whole package would take hours. */
export default defineConfig({
  test: {
    include: ['test/unit/{vectors,store,worker,network}/**/*.test.ts'],
    testTimeout: 60_000,
  },
})
