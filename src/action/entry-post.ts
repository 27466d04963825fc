// Entry of the action's post step; bundled into dist/post/index.js.
import { runPost } from './post.ts';
import { start } from './start.ts';

await start(runPost);
