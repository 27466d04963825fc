// Entry of the action's main step; bundled into dist/main/index.js.
import { runMain } from './main.ts';
import { start } from './start.ts';

await start(runMain);
