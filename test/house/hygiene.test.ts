// What must not be in any tracked file: paths of somebody's machine, conflict marks, key material. Asks git for the list.
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { ROOT, read } from './source-files.ts';

// Written in pieces, so that this file does not hold what it looks for.
const MACHINE_PATHS = new RegExp(
  ['/wo' + 'rk/', '\\.lib' + 'rary\\b', '/ro' + 'ot/', '/tmp/br' + 'ief', 'issues sh' + 'ow ', 'before-st' + 'op'].join('|'),
);
const RULES: readonly (readonly [string, RegExp])[] = [
  ['a path of one machine', MACHINE_PATHS],
  ['a conflict mark', /^(<{7}|>{7}) /m],
  ['a private key', new RegExp('-----BEGIN [A-Z ]*PRIVATE ' + 'KEY-----\\n[A-Za-z0-9+/=\\n]{200,}')],
];
const NO_TEXT = /\.(png|gz|tgz|tar|ico|woff2?|sqlite)$/;

const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 26 })
  .split('\0')
  .filter((file) => file !== '' && !NO_TEXT.test(file));

const textOf = (file: string): string => {
  try {
    return read(file);
  } catch (error) {
    // Removed in the work tree and not yet in the index: nothing to judge.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
};

describe('the repository', () => {
  it('is read whole', () => expect(tracked.length).toBeGreaterThan(30));

  it.each(RULES)('holds no %s', (_name, pattern) => expect(tracked.filter((file) => pattern.test(textOf(file)))).toEqual([]));

  it('holds no path of one machine in its commit messages', () =>
    expect(execFileSync('git', ['log', '--format=%B'], { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 26 })).not.toMatch(MACHINE_PATHS));

  it('keeps download addresses out of the lock file, and every platform in it', () => {
    const lock = JSON.parse(read('package-lock.json')) as {
      packages: Record<string, { resolved?: string; link?: boolean; optionalDependencies?: object }>;
    };
    const entries = Object.entries(lock.packages);
    expect(entries.filter(([, entry]) => entry.resolved !== undefined && entry.link !== true).map(([name]) => name)).toEqual([]);
    // npm drops an optional dependency that it cannot find without a word; then the lock serves only the machine it was made on.
    const missing = entries.flatMap(([of, entry]) =>
      Object.keys(entry.optionalDependencies ?? {})
        .filter((name) => !entries.some(([at]) => at.endsWith(`node_modules/${name}`)))
        .map((name) => `${name} of ${of}`),
    );
    expect(missing).toEqual([]);
  });
});
