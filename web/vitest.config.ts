import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Simulations compute for seconds, and longer on a busy machine: this is for a test that hangs.
  test: { include: ['*/src/**/*.test.ts'], testTimeout: 60_000 },
});
