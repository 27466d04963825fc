#!/usr/bin/env node
// The door of the command `runtask`: looks at Node first, because an older one dies of the imports before it could say why. The
// commands are in program.ts.
import { refuseNode } from './node-version.ts';

const refusal = refuseNode(process.versions.node);
if (refusal === null) {
  const { runProgram } = await import('./program.ts');
  await runProgram(process.argv);
} else {
  process.stderr.write(`error: ${refusal}\n`);
  process.exitCode = 2;
}
