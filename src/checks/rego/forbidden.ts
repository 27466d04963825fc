// What policies may not do, found in their text: for conftest, which cannot be told. opa is told, and finds it in what it compiled. Pure.
import type { RegoSpec } from '../../contracts/check-kinds.ts';
import { mayHold, type ClosedSchema } from './input.ts';
import { findCall, readsOfInput } from './rego-text.ts';
import { notHeld } from './tell.ts';

interface Policy {
  readonly path: string;
  readonly text: string;
}

/** The network, the environment; and files, which conftest's own functions read. */
const NOT_CALLED = ['http.send', 'net.lookup_ip_addr', 'opa.runtime', 'parse_config_file', 'parse_combined_config_files'];

/** @returns a sentence; null: nothing was found */
export function findForbidden(policies: readonly Policy[], spec: RegoSpec, input: ClosedSchema): string | null {
  for (const { path, text } of policies) {
    const call = findCall(text, NOT_CALLED);
    if (call !== null) return `${path}:${call.line}: ${call.name} is switched off: policies have no network, environment or files`;
    // Tests make their own input.
    const reads = spec.strict && !path.endsWith('_test.rego') ? readsOfInput(text) : [];
    const unknown = reads.find((read) => !mayHold(input, read.path));
    if (unknown !== undefined) return `${path}:${unknown.line}: reads input.${unknown.path.join('.')}. ${notHeld(spec)}`;
  }
  return null;
}
