// Real parts only: no module mocks, so nothing here configures them. Type errors are tsc's to find (`npm run typecheck`).
import { fileURLToPath } from 'node:url';

// Tests that start the command line pay for reading and stripping src/ once and not per process: 0.3 s of CPU instead of 0.7 s. Keyed by
// what the files hold, so that nothing old is run.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('node_modules/.cache/node-compile', import.meta.url));

export default {
  testEnvironment: '<rootDir>/test/support/environment.cjs',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': '<rootDir>/test/support/strip-types.cjs' },
  // A flow test starts servers and the committed dist/; 30 s is the longest that any of them may need on two cores.
  testTimeout: 30_000,
};
