import { configDefaults, defineConfig } from 'vitest/config';

// Tests run on the TypeScript sources: every package's "source" export condition points at src/index.ts.
export default defineConfig({
  resolve: { conditions: ['source', 'node', 'import', 'default'] },
  ssr: { resolve: { conditions: ['source', 'node', 'import', 'default'] } },
  test: {
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['{packages,adapters}/*/src/**/*.test.ts'], testTimeout: 30_000 },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/**/*.test.ts'],
          // They take long: npm run test:stress runs them.
          exclude: [
            ...configDefaults.exclude,
            ...(process.env.FIRSTCHANCE_SCOPE === 'stress' ? [] : ['test/stress/**']),
          ],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
