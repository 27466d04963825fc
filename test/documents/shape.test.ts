// Data against a schema: every kind of mistake, with the value that was found and without it.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as z from 'zod';
import { formatDiagnostic } from '../../src/base/diagnostics.ts';
import { readYaml } from '../../src/documents/read-yaml.ts';
import { readShape, type RoomWords } from '../../src/documents/shape.ts';

const secret = z.union([z.strictObject({ file: z.string() }), z.strictObject({ env: z.string() })]);
const route = z.union([
  z.strictObject({ to: z.string(), by: z.string().default('us'), stages: z.array(z.enum(['pre', 'post'])).optional() }),
  z.strictObject({ from: z.literal('vcs'), owners: z.array(z.string()).min(1) }),
]);
const schema = z.strictObject({
  version: z.literal(1),
  url: z.url().optional(),
  port: z.number().int().min(0).max(9).optional(),
  mode: z.enum(['fail', 'pass']).default('fail'),
  names: z.union([z.string().min(2), z.array(z.string()).min(1).max(2)]).optional(),
  life: z
    .string()
    .regex(/^\d+s$/, 'A number and a unit: 90s')
    .optional(),
  short: z.string().max(3).optional(),
  on: z.boolean().optional(),
  key: secret.optional(),
  listen: z.strictObject({ host: z.string() }).prefault({ host: 'h' }),
  rules: z
    .array(
      z.strictObject({ a: z.string().optional(), b: z.string().optional() }).refine((r) => r.a ?? r.b, 'Name `a` or `b`. Both are fine'),
    )
    .optional(),
  tasks: z.record(z.string().regex(/^[a-z]+$/, 'Letters only'), z.strictObject({ routes: z.array(route) })).optional(),
});

const problems = (text: string, { mayQuote = true, room = {} as RoomWords } = {}): string[] => {
  const yaml = readYaml(text, { file: 'f', called: 'The file', mayQuote });
  if (!yaml.ok) throw new Error(yaml.error.map(formatDiagnostic).join('\n'));
  const shape = readShape(yaml.value, schema, room);
  return shape.ok ? [] : shape.error.map(formatDiagnostic);
};
/** One line after `version: 1`. */
const line = (text: string, options?: { mayQuote?: boolean; room?: RoomWords }): string[] => problems(`version: 1\n${text}`, options);

const MISTAKES: readonly (readonly [what: string, text: string, quoting: string, quotingNothing: string])[] = [
  [
    'an unknown key',
    'mod: pass',
    'f:2:1: Unknown key "mod" (mod). Did you mean "mode"? Known here: version, url, port, mode, names, life, short, on, key, listen, rules, tasks',
    'f:2:1: Unknown key "mod" (mod). Did you mean "mode"? Known here: version, url, port, mode, names, life, short, on, key, listen, rules, tasks',
  ],
  [
    'an unknown key behind a default',
    'listen: { host: a, x1y2: 1 }',
    'f:2:20: Unknown key "x1y2" (listen.x1y2). Known here: host',
    'f:2:20: Unknown key (listen). Known here: host',
  ],
  [
    'a wrong kind',
    'on: "yes"',
    'f:2:5: Must be true or false (on). Found: "yes"',
    'f:2:5: "on" is not valid (on). Must be true or false. Found: text',
  ],
  ['nothing', 'url:', 'f:2:5: Must be text (url). Found: nothing', 'f:2:5: "url" is not valid (url). Must be text. Found: nothing'],
  [
    'a text for a list',
    'tasks: { a: { routes: x } }',
    'f:2:23: Must be a list (tasks.a.routes). Found: "x". Write [x]',
    'f:2:23: "routes" is not valid (tasks.a.routes). Must be a list. Found: text',
  ],
  [
    'another word',
    'mode: fial',
    'f:2:7: Not one of the possible values (mode). Use one of: fail, pass. Found: "fial". Did you mean "fail"?',
    'f:2:7: "mode" is not valid (mode). Use one of: fail, pass',
  ],
  [
    'another form',
    'life: soon',
    'f:2:7: A number and a unit: 90s (life). Found: "soon"',
    'f:2:7: "life" is not valid (life). A number and a unit: 90s',
  ],
  [
    'no URL',
    'url: example.com',
    'f:2:6: Must be a URL, such as https://relay.example.com (url). Found: "example.com"',
    'f:2:6: "url" is not valid (url). Must be a URL, such as https://relay.example.com',
  ],
  ['too much', 'port: 10', 'f:2:7: Must be at most 9 (port). Found: 10', 'f:2:7: "port" is not valid (port). Must be at most 9'],
  ['too little', 'port: -1', 'f:2:7: Must be at least 0 (port). Found: -1', 'f:2:7: "port" is not valid (port). Must be at least 0'],
  [
    'a fraction',
    'port: 1.5',
    'f:2:7: Must be a whole number (port). Found: 1.5',
    'f:2:7: "port" is not valid (port). Must be a whole number. Found: a number',
  ],
  [
    'too long a text',
    'short: abcd',
    'f:2:8: Too long: at most 3 characters (short)',
    'f:2:8: "short" is not valid (short). Too long: at most 3 characters',
  ],
  [
    'an empty list',
    'names: []',
    'f:2:8: The list is empty (names). Name at least one',
    'f:2:8: "names" is not valid (names). Name at least one',
  ],
  ['too long a list', 'names: [a, b, c]', 'f:2:8: Too many: at most 2 (names)', 'f:2:8: "names" is not valid (names). Too many: at most 2'],
  [
    'a wrong item',
    'names: [a, 1]',
    'f:2:12: Must be text (names[1]). Found: 1',
    'f:2:12: "names[1]" is not valid (names[1]). Must be text. Found: a number',
  ],
  ['too short a text of a union', 'names: a', 'f:2:8: Too short (names). Found: "a"', 'f:2:8: "names" is not valid (names). Too short'],
  [
    'no form of a union',
    'names: 1',
    'f:2:8: Must be text or a list of texts (names). Found: 1',
    'f:2:8: "names" is not valid (names). Must be text or a list of texts. Found: a number',
  ],
  [
    'a union of maps',
    'key: hunter2',
    'f:2:6: Must be { file: … } or { env: … } (key). Found: "hunter2"',
    'f:2:6: "key" is not valid (key). Must be { file: … } or { env: … }. Found: text',
  ],
  [
    'a map of which no form knows a key',
    'key: { evn: KEY }',
    'f:2:6: Must be { file: … } or { env: … } (key). Found: {"evn":"KEY"}',
    'f:2:6: "key" is not valid (key). Must be { file: … } or { env: … }. Found: a map of keys and values',
  ],
  [
    'a map of the first form, with a key of the second',
    'tasks: { a: { routes: [{ to: x, owners: [a], stages: [] }] } }',
    'f:2:33: Unknown key "owners" (tasks.a.routes[0].owners). Known here: to, by, stages',
    'f:2:33: Unknown key "owners" (tasks.a.routes[0].owners). Known here: to, by, stages',
  ],
  [
    'a map without a key for a union',
    'tasks: { a: { routes: [{}] } }',
    'f:2:24: Must be { to: … } or { from: …, owners: … } (tasks.a.routes[0]). Found: {}',
    'f:2:24: "routes[0]" is not valid (tasks.a.routes[0]). Must be { to: … } or { from: …, owners: … }. Found: a map of keys and values',
  ],
  [
    'a rule of its author',
    'rules: [{}]',
    'f:2:9: Name `a` or `b` (rules[0]). Both are fine',
    'f:2:9: "rules[0]" is not valid (rules[0]). Name `a` or `b`. Both are fine',
  ],
  [
    'a bad name',
    'tasks: { B1: { routes: [] } }',
    'f:2:10: Bad name "B1" (tasks.B1). Letters only',
    'f:2:10: Bad name (tasks). Letters only',
  ],
  [
    'the second form by its word',
    'tasks: { a: { routes: [{ from: vcs, to: x }] } }',
    'f:2:24: "owners" is missing (tasks.a.routes[0].owners). Add `owners: …`',
    'f:2:24: "owners" is missing (tasks.a.routes[0].owners). Add `owners: …`',
  ],
  [
    'a mistake deep in the first form',
    'tasks: { a: { routes: [{ to: x, stages: [post, pots] }] } }',
    'f:2:48: Not one of the possible values (tasks.a.routes[0].stages[1]). Use one of: pre, post. Found: "pots". Did you mean "post"?',
    'f:2:48: "stages[1]" is not valid (tasks.a.routes[0].stages[1]). Use one of: pre, post',
  ],
];

describe('readShape', () => {
  it('gives the data with its defaults', () => {
    const yaml = readYaml('version: 1', { file: 'f', called: 'The file', mayQuote: true });
    expect(yaml.ok && readShape(yaml.value, schema)).toEqual({ ok: true, value: { version: 1, mode: 'fail', listen: { host: 'h' } } });
  });

  it.each(MISTAKES)('explains %s', (_what, text, quoting) => expect(line(text)[0]).toBe(quoting));

  it.each(MISTAKES)('explains %s without repeating anything', (_what, text, _quoting, quotingNothing) =>
    expect(line(text, { mayQuote: false })[0]).toBe(quotingNothing),
  );

  it('tells of an empty file what is missing, with the one value that is possible', () => {
    expect(problems('')).toEqual(['f:1:1: "version" is missing (version). Write `version: 1`']);
  });

  it('tells that the whole file is of another kind', () => {
    expect(problems('[a]')).toEqual(['f:1:1: Must be a map of keys and values. Found: ["a"]']);
    expect(problems('[a]', { mayQuote: false })).toEqual([
      'f:1:1: "the file" is not valid. Must be a map of keys and values. Found: a list',
    ]);
  });

  it('tells both of two mistakes in one form', () => {
    expect(line('tasks: { a: { routes: [{ from: vcs, owner: [a] }] } }')).toEqual([
      'f:2:24: "owners" is missing (tasks.a.routes[0].owners). Add `owners: …`',
      'f:2:37: Unknown key "owner" (tasks.a.routes[0].owner). Did you mean "owners"? Known here: from, owners',
    ]);
  });

  it('cuts a pasted page', () => {
    const [found] = line(`on: "${'x'.repeat(5000)}"`);
    expect(found).toMatch(/Found: "x{78}…$/);
  });

  it('lets the room add a remedy, and put words of its own', () => {
    const room: RoomWords = {
      remedyOf: (path, found) => (path.at(-1) === 'url' ? `Ask the operator${found === undefined ? '' : ' again'}` : ''),
      ownWords: (issue, path) =>
        issue.code === 'invalid_union' && path.at(-1) === 'key' ? { summary: 'No secret here', detail: 'Name one' } : null,
    };
    expect(line('url: x\nkey: hunter2', { room })).toEqual([
      'f:2:6: Must be a URL, such as https://relay.example.com (url). Found: "x". Ask the operator again',
      'f:3:6: No secret here (key). Name one',
    ]);
  });

  it('repeats no secret, at whatever place it stands: as a value, in a list, as a key', () => {
    const token = 'ghp_16C7e42F292c6912E7710c838347Ae178B4a';
    const places = ['version', 'url', 'port', 'mode', 'names', 'life', 'short', 'on', 'key', 'listen', 'rules', 'tasks', 'other', token];
    const value: fc.Arbitrary<unknown> = fc.letrec<{ node: unknown }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<unknown>(token, token, 1, null, true),
        fc.array(tie('node'), { maxLength: 2 }),
        fc.dictionary(fc.constantFrom('file', 'env', 'routes', 'from', 'owners', 'a', token), tie('node'), { maxKeys: 2 }),
      ),
    })).node;
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...places), value, { maxKeys: 5 }), (data) => {
        const found = problems(JSON.stringify(data), { mayQuote: false });
        expect(found.join('\n')).not.toContain(token);
      }),
      { numRuns: 2000 },
    );
  });
});
