// dist/ is what runs in other people's repositories: all of it and nothing else. That it is fresh is `npm run bundle:check`.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { listFiles, read, ROOT } from './source-files.ts';

const files = existsSync(path.join(ROOT, 'dist')) ? listFiles('dist', ['']) : [];
const code = files.filter((file) => file.endsWith('.js'));
const bundle = code.map(read).join('\n');

/** Sentences that stand in these sources: enough to recognise a file by, whatever a bundler renames. Words of the wire are shared. */
function textsIn(folders: readonly string[]): Map<string, string> {
  const texts = new Map<string, string>();
  for (const file of folders.flatMap((folder) => listFiles(`src/${folder}`, ['.ts'])))
    for (const [, text = ''] of read(file).matchAll(/'([^'\\\n]{30,})'/g)) if (text.split(' ').length > 4) texts.set(text, file);
  return texts;
}

const OURS = ['base', 'contracts', 'documents', 'plan', 'findings', 'checks', 'report', 'hcp', 'github', 'sealed', 'action'];
const NOT_OURS = ['relay', 'cli', 'emulators'];
const RELAY_PACKAGES = ['hono', '@hono/node-server', 'pino', 'commander', '@octokit/auth-app', 'jest', 'typescript'];

describe('dist/', () => {
  it('holds the three entries, that of script checks, their chunks, the licences and nothing else', () => {
    const expected = /^dist\/(((pre|main|post|script)\/)?index\.js|\d+\.index\.js|package\.json|licenses\.txt)$/;
    expect(files.filter((file) => !expected.test(file))).toEqual([]);
    expect(files).toEqual(expect.arrayContaining(['pre', 'main', 'post', 'script'].map((entry) => `dist/${entry}/index.js`)));
  });

  it('is committed as it stands here', () => {
    const tracked = execFileSync('git', ['ls-files', 'dist'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');
    expect(files).toEqual(tracked.sort());
  });

  it('holds the action', () => {
    const texts = [...textsIn(['action'])].filter(([text]) => bundle.includes(text));
    expect(texts.length).toBeGreaterThan(5);
  });

  it.each(NOT_OURS)('holds nothing of %s/', (room) => {
    const allowed = textsIn(OURS);
    const foreign = [...textsIn([room])].filter(([text]) => !allowed.has(text));
    expect(foreign.length).toBeGreaterThan(5);
    expect(foreign.filter(([text]) => bundle.includes(text)).map(([text, file]) => `${file}: ${text}`)).toEqual([]);
  });

  it('holds none of the packages that only the relay needs', () => {
    const packages = read('dist/licenses.txt').split('\n');
    expect(packages).toContain('@actions/core');
    expect(packages.filter((name) => RELAY_PACKAGES.includes(name))).toEqual([]);
    // A script check's process names it to close it. Not toMatch: it would print the bundle.
    expect(/(from|import|require\()\s*['"]node:sqlite/.test(bundle)).toBe(false);
  });

  it('stays under 4 MB: every job that uses the action downloads it', () =>
    expect(Buffer.byteLength(bundle)).toBeLessThan(4 * 1024 * 1024));

  it.each(['pre', 'main', 'post'])('starts on Node 24 as %s and, outside of GitHub, says what is missing instead of crashing', (entry) => {
    const child = spawnSync(process.execPath, [path.join(ROOT, `dist/${entry}/index.js`)], {
      env: { PATH: '' },
      encoding: 'utf8',
      timeout: 20_000,
    });
    expect(process.version).toMatch(/^v24\./);
    expect(`${child.stdout}${child.stderr}`).not.toMatch(/SyntaxError|ERR_MODULE_NOT_FOUND|Cannot find module|is not defined/);
  });
});
