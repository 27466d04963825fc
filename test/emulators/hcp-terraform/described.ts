// Holds every answer that an emulator has given against HashiCorp's OpenAPI. Requests are not held: tests send wrong ones on purpose, and
// some right ones that are documented and not described.
import { expect } from '@jest/globals';
import { loadConformance, missingDescriptions, type Conformance } from '../../conformance/openapi.ts';
import type { Scene } from './arrange.ts';

let loaded: Conformance | undefined;

/** For afterEach; does nothing where the description is absent, which the test of management.test.ts says aloud. */
export function expectDescribed({ hcp }: Scene): void {
  if (missingDescriptions !== null) return;
  const conformance = (loaded ??= loadConformance());
  const calls = hcp.seen.filter(({ server, status, path }) => server === 'api' && status !== null && path.startsWith('/api/v2/'));
  const unknown = calls.filter(({ method, path }) => conformance.operation('hcp', method, path) === null);
  const violations = calls
    .filter(({ responseBody }) => !/^<\d+ bytes>$/.test(responseBody))
    .flatMap(({ method, path, status, responseBody }) =>
      conformance.checkResponse('hcp', method, path, status!, responseBody === '' ? undefined : JSON.parse(responseBody)),
    );
  expect({ violations, unknown: unknown.map(({ method, path }) => `${method} ${path}`) }).toEqual({ violations: [], unknown: [] });
}
