// Entry of the action's pre step; bundled into dist/pre/index.js.
import { runPre } from './pre.ts';
import { start } from './start.ts';

await start(runPre);
