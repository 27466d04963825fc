// How a script check's process is started where there are files beside each other. The bundled action has one file only, and names it.
import type { ScriptProgram } from '../kind.ts';

export const scriptProgramFile = (): ScriptProgram => ({ file: '', args: [], readable: [] });
