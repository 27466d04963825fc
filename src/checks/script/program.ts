// How a script check's process is started where there are files beside each other. The bundled action has an entry of its own.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ScriptProgram } from '../kind.ts';

export const scriptProgramFile = (): ScriptProgram => ({
  // Not a literal in `new URL`: bundlers would take it for an asset and make a second file of it.
  file: fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url)),
  // The rooms that it imports from, and what says that their files are ES modules.
  readable: ['../../', '../../../package.json'].map((path) => fileURLToPath(new URL(path, import.meta.url))),
});

/** @param bundle  the file of the action that runs, `dist/main/index.js` */
export const scriptProgramOfBundle = (bundle: string): ScriptProgram => {
  const folder = dirname(dirname(bundle));
  return { file: join(folder, 'script', 'index.js'), readable: [folder] };
};
