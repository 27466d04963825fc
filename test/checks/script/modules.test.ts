// How a script's files are found and read: TypeScript, other files beside it, packages, data; whatever the nearest package.json says.
import { describe, expect, it } from '@jest/globals';
import { runScript, type ScriptRun } from './run-script.ts';

const noting = (what: string, before = ''): string =>
  `import { check } from 'runtask-action/check';\n${before}\nexport default check(async ({ note }) => note(null, String(${what})));\n`;

const WAYS: readonly [what: string, run: ScriptRun, noted: string][] = [
  ['TypeScript', { files: { '.runtask/check.ts': noting('a as string', "const a: string = 'a'; interface X { a: number }") } }, 'a'],
  ['.mts', { file: '.runtask/c.mts', files: { '.runtask/c.mts': noting('a', "const a: string = 'a';") } }, 'a'],
  ['JavaScript', { file: 'policies/c.js', files: { 'policies/c.js': noting('1 + 1') } }, '2'],
  ['.mjs', { file: './policies/deep/c.mjs', files: { 'policies/deep/c.mjs': noting('1 + 1') } }, '2'],
  [
    'enums, parameter properties and namespaces, which are code',
    {
      files: {
        '.runtask/check.ts': noting(
          'new P(Level.High).level + N.x',
          "enum Level { Low = 'low', High = 'high' }\nclass P { constructor(readonly level: Level) {} }\nnamespace N { export const x = 1; }",
        ),
      },
    },
    'high1',
  ],
  ['"type": "commonjs" beside it', { files: { '.runtask/check.ts': noting('1'), '.runtask/package.json': '{ "type": "commonjs" }' } }, '1'],
  [
    '"type": "commonjs" beside JavaScript that imports more of it',
    {
      file: '.runtask/c.js',
      files: {
        '.runtask/c.js': noting('x', "import { x } from './lib/x.js';"),
        '.runtask/lib/x.js': 'export const x = 5;',
        '.runtask/package.json': '{ "type": "commonjs" }',
      },
    },
    '5',
  ],
  [
    'other files of its top folder',
    {
      file: '.runtask/checks/c.ts',
      files: {
        '.runtask/checks/c.ts': noting('x', "import { x } from '../lib/x.ts';"),
        '.runtask/lib/x.ts': 'export const x: number = 6;',
      },
    },
    '6',
  ],
  [
    'JSON',
    {
      files: {
        '.runtask/check.ts': noting('data.n', "import data from './data.json' with { type: 'json' };"),
        '.runtask/data.json': '{ "n": 7 }',
      },
    },
    '7',
  ],
  [
    'a file that it reads',
    {
      files: {
        '.runtask/check.ts': noting("readFileSync(new URL('./data.txt', import.meta.url))", "import { readFileSync } from 'node:fs';"),
        '.runtask/data.txt': 'eight',
      },
    },
    'eight',
  ],
  [
    'a file that it reads from the top of the repository',
    {
      files: {
        '.runtask/check.ts': noting("readFileSync('.runtask/data.txt')", "import { readFileSync } from 'node:fs';"),
        '.runtask/data.txt': 'nine',
      },
    },
    'nine',
  ],
  [
    'a package, CommonJS or not',
    {
      files: {
        '.runtask/check.ts': noting('old.x + x', "import old from 'old'; import { x } from 'new';"),
        '.runtask/node_modules/old/package.json': '{ "name": "old", "main": "./main.js" }',
        '.runtask/node_modules/old/main.js': 'module.exports = { x: require("./more.js") };',
        '.runtask/node_modules/old/more.js': 'module.exports = 10;',
        '.runtask/node_modules/new/package.json': '{ "name": "new", "type": "module", "exports": "./main.js" }',
        '.runtask/node_modules/new/main.js': 'export const x = 1;',
      },
    },
    '11',
  ],
  ['await at the top of a module', { files: { '.runtask/check.ts': noting('x', 'const x = await Promise.resolve(12);') } }, '12'],
  [
    'helpers that import from us, too',
    {
      files: {
        '.runtask/check.ts': noting(
          'same(UnknownValue)',
          "import { UnknownValue } from 'runtask-action/check'; import { same } from './help.ts';",
        ),
        '.runtask/help.ts':
          "import { UnknownValue } from 'runtask-action/check'; export const same = (x: unknown): boolean => x === UnknownValue;",
      },
    },
    'true',
  ],
  [
    'names with spaces, umlauts and signs',
    { file: '.runtask/kosten & größe #1.ts', files: { '.runtask/kosten & größe #1.ts': noting('13') } },
    '13',
  ],
  ['nothing of the time zone of this machine', { files: { '.runtask/check.ts': noting('new Date(0).getTimezoneOffset()') } }, '0'],
];

describe('a script can use', () => {
  it.each(WAYS)('%s', async (_what, run, noted) => {
    const { findings, reason } = await runScript(run);
    expect([reason, ...findings.map(({ message }) => message)]).toEqual([null, noted]);
  });
});

it('an enum keeps the lines of errors', async () => {
  const files = {
    '.runtask/check.ts': noting(
      'f(Level.High)',
      "enum Level { Low = 'low', High = 'high' }\nconst f = (x: Level): never => {\n  throw new Error(x);\n};",
    ),
  };
  expect((await runScript({ files })).reason).toBe('.runtask/check.ts:4:9: Error: high');
});
