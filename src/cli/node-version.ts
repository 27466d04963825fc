// Which Node the commands run on. Imports nothing: it is asked before anything else can be loaded.

/** `engines` of package.json: the first with module.registerHooks, which scripts need; node:sqlite and the erasing of types are older. */
const LEAST = [22, 15] as const;

/** @returns null, or why this Node cannot run the commands and what to do */
export function refuseNode(version: string): string | null {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1])) return null;
  return `runtask needs Node ${LEAST.join('.')} or later (24 recommended), this is Node ${version}`;
}
