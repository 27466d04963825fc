// Reading what was thrown, whoever threw it. `instanceof Error` is not asked: Node's own errors come from another realm when this runs
// inside a test environment with one of its own, and a check that fails there turns an expected ENOENT into a run that never ends.

/** `ENOENT`, `ESRCH`: Node's own name for it; null when there is none. */
export function codeOf(thrown: unknown): string | null {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : null;
}

export function messageOf(thrown: unknown): string {
  return typeof thrown === 'object' && thrown !== null && 'message' in thrown ? String(thrown.message) : String(thrown);
}

/** With its stack, for our own mistakes. */
export function stackOf(thrown: unknown): string {
  return typeof thrown === 'object' && thrown !== null && 'stack' in thrown ? String(thrown.stack) : messageOf(thrown);
}
