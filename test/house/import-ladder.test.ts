// Who may know whom: the table of src/README.md as data. A direction that nobody checks leaks.
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { importsOf, listFiles, read } from './source-files.ts';

const CORE = ['base', 'contracts'];
const LADDER: Readonly<Record<string, readonly string[]>> = {
  'base': [],
  'contracts': ['base'],
  'documents': ['base'],
  'archive': ['base'],
  'plan': CORE,
  'findings': [...CORE, 'documents', 'plan'],
  'checks': [...CORE, 'documents', 'plan', 'findings'],
  'report': [...CORE, 'plan', 'findings'],
  'hcp': CORE,
  'github': CORE,
  'sealed': CORE,
  'relay': [...CORE, 'documents', 'hcp', 'github', 'sealed'],
  'config/engine': ['base'],
  'config/resources': [...CORE, 'documents', 'hcp', 'github', 'config/engine'],
  'config/driver-yaml': [...CORE, 'documents', 'plan', 'hcp', 'github', 'config/engine', 'config/resources'],
  'action': [...CORE, 'documents', 'archive', 'plan', 'findings', 'checks', 'report', 'hcp', 'github', 'sealed'],
  'cli': [
    ...[...CORE, 'documents', 'archive', 'plan', 'findings', 'checks', 'report', 'hcp', 'github', 'sealed', 'relay', 'action', 'emulators'],
    ...['config/engine', 'config/resources', 'config/driver-yaml'],
  ],
  'emulators': [],
};
/** Witnesses share no code with what they test: what they may name of ours is gone when they run. */
const TYPES_ONLY: Readonly<Record<string, readonly string[]>> = { emulators: CORE };

/** Rooms that only compute. A disk or a socket in one of them is a test that cannot be written. */
const PURE = ['base', 'contracts', 'documents', 'plan', 'findings', 'report', 'config/engine'];
const WORLD =
  /^(node:)?(fs|fs\/promises|net|tls|http|https|http2|dgram|dns|child_process|worker_threads|sqlite)$|^(undici|@octokit\/|@actions\/)/;

/** Exceptions, each with its reason. */
const MAY_READ_THE_DISK = ['src/plan/read-plan.ts']; // a plan of 500 MB is read as a stream; everything behind it takes the text

/** The rooms of config/ have steps of their own: its engine must not know who drives it. */
function roomOf(file: string): string {
  const [, room = '', inner = ''] = file.split('/');
  return room === 'config' ? `${room}/${inner}` : room;
}

/** What is wrong with `file`, one line each. */
function climbs(file: string, text: string): string[] {
  const room = roomOf(file);
  return importsOf(text).flatMap(({ specifier, typeOnly }) => {
    if (!specifier.startsWith('.')) {
      const breaks = PURE.includes(room) && !typeOnly && WORLD.test(specifier) && !MAY_READ_THE_DISK.includes(file);
      return breaks ? [`${file} is pure and imports ${specifier}`] : [];
    }
    const target = path.posix.join(path.posix.dirname(file), specifier);
    if (!target.startsWith('src/')) return [`${file} imports ${target}, which is outside of src/`];
    const to = roomOf(target);
    if (to === room || LADDER[room]?.includes(to)) return [];
    if (TYPES_ONLY[room]?.includes(to)) return typeOnly ? [] : [`${file}: ${room} may import only types from ${to} (${specifier})`];
    return [`${file}: ${room} may not import ${to} (${specifier})`];
  });
}

/** Each circle as the files that make it. Types count too: whoever reads follows them. */
function circlesIn(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const walk = (file: string, way: readonly string[]): void => {
    if (way.includes(file)) found.push([...way.slice(way.indexOf(file)), file].join(' -> '));
    if (done.has(file) || way.includes(file)) return;
    for (const next of imports.get(file) ?? []) walk(next, [...way, file]);
    done.add(file);
  };
  for (const file of imports.keys()) walk(file, []);
  return found;
}

const filesImportedBy = (file: string): string[] =>
  importsOf(read(file)).flatMap(({ specifier }) =>
    specifier.startsWith('.') ? [path.posix.join(path.posix.dirname(file), specifier)] : [],
  );

describe('the import ladder', () => {
  it.each(listFiles('src', ['.ts']))('%s stays on its step', (file) => {
    expect(Object.keys(LADDER)).toContain(roomOf(file));
    expect(climbs(file, read(file))).toEqual([]);
  });

  it('has no circle, not even of types: two files that need each other are one, or hide a third', () => {
    expect(circlesIn(new Map(listFiles('src', ['.ts']).map((file) => [file, filesImportedBy(file)])))).toEqual([]);
  });

  it('sees a circle of three, and none where two ways lead to one file', () => {
    const imports = new Map(Object.entries({ a: ['b', 'd'], b: ['c', 'd'], c: ['a'], d: [] }));
    expect(circlesIn(imports)).toEqual(['a -> b -> c -> a']);
    expect(circlesIn(new Map([...imports, ['c', ['d']]]))).toEqual([]);
  });

  it('is the table of src/README.md', () => {
    const rooms = [...read('src/README.md').matchAll(/^\| `([a-z/-]+)\/` \|/gm)].map(([, room]) => room);
    expect(rooms.sort()).toEqual(Object.keys(LADDER).sort());
  });

  it.each([
    ['src/plan/a.ts', `import { x } from '../checks/b.ts';`, ['src/plan/a.ts: plan may not import checks (../checks/b.ts)']],
    [
      'src/report/a.ts',
      `import type {\n  X,\n} from '../checks/b.ts';`,
      ['src/report/a.ts: report may not import checks (../checks/b.ts)'],
    ],
    ['src/relay/a.ts', `const b = await import('../action/b.ts');`, ['src/relay/a.ts: relay may not import action (../action/b.ts)']],
    [
      'src/checks/a/b.ts',
      `new Worker(new URL('../../relay/w.ts', import.meta.url))`,
      ['src/checks/a/b.ts: checks may not import relay (../../relay/w.ts)'],
    ],
    ['src/hcp/a.ts', `export * from '../github/b.ts';`, ['src/hcp/a.ts: hcp may not import github (../github/b.ts)']],
    ['src/action/a.ts', `import '../../test/b.ts';`, ['src/action/a.ts imports test/b.ts, which is outside of src/']],
    ['src/plan/a.ts', `import { readFile } from 'node:fs/promises';`, ['src/plan/a.ts is pure and imports node:fs/promises']],
    [
      'src/emulators/github/a.ts',
      `import { ok } from '../../base/result.ts';`,
      ['src/emulators/github/a.ts: emulators may import only types from base (../../base/result.ts)'],
    ],
    ['src/emulators/github/a.ts', `import type { Clock } from '../../base/clock.ts';\nimport { x } from './b.ts';`, []],
    ['src/checks/a.ts', `import { x } from '../findings/b.ts';\nimport fs from 'node:fs';\n// import { y } from '../relay/b.ts'`, []],
  ])('judges %s: %s', (file, text, expected) => expect(climbs(file, text)).toEqual(expected));
});
