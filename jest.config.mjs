// Real parts only: no module mocks, so nothing here configures them. Type errors are tsc's to find (`npm run typecheck`).
export default {
  testEnvironment: '<rootDir>/test/support/environment.cjs',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': '<rootDir>/test/support/strip-types.cjs' },
  // A flow test starts servers and the committed dist/; 30 s is the longest that any of them may need on two cores.
  testTimeout: 30_000,
};
