// The budget script that the page speaks of: one instance is enough.
import { readFileSync } from 'node:fs';

const { resource_changes: changes } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const instances = changes.filter(({ type }) => type === 'aws_instance').length;
console.log(`${instances} instances`);
process.exitCode = instances > 1 ? 1 : 0;
