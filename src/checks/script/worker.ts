// Entry file of a script's process, also of the bundled action (dist/script).
import { serveScript } from './serve.ts';

await serveScript();
