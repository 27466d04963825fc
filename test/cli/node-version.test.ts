import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { refuseNode } from '../../src/cli/node-version.ts';
import { ROOT } from '../support/flow.ts';

it.each(['22.15.0', '22.16.1', '23.0.0', '24.11.0', '100.0.0'])('runs on Node %s', (version) => expect(refuseNode(version)).toBeNull());

it.each(['20.20.2', '22.14.0', '18.0.0', '9.0.0'])('says on Node %s what is needed, instead of dying of an import', (version) =>
  expect(refuseNode(version)).toMatch(new RegExp(`needs Node 22\\.15 or later.*this is Node ${version.replaceAll('.', '\\.')}`)),
);

it('asks for what package.json asks for, and its door imports nothing else before it has asked', () => {
  const { engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { engines: { node: string } };
  expect(engines.node).toBe('>=22.15');
  const door = readFileSync(join(ROOT, 'src/cli/index.ts'), 'utf8');
  expect([...door.matchAll(/^import .* from '(.*)'/gm)].map(([, from]) => from)).toEqual(['./node-version.ts']);
  expect(readFileSync(join(ROOT, 'src/cli/node-version.ts'), 'utf8')).not.toMatch(/^import/m);
});
