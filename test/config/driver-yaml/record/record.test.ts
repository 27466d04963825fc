// The record: what stands in it, what is refused, and that a reader never sees half of it.
import { mkdtemp, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { checkHosts, emptyRecord, parseRecord, toRecordText } from '../../../../src/config/driver-yaml/record/record-file.ts';
import { openRecord, readRecord, recordFileOf } from '../../../../src/config/driver-yaml/record/record-store.ts';

const HOSTS = { hcp: 'https://app.terraform.io', github: 'https://api.github.com' };
const attachment = (id: string): { type: string; id: string } => ({ type: 'runtask_workspace_run_task', id });

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'record-'));
  file = path.join(folder, 'managed.json');
});

describe('recordFileOf', () => {
  it.each([
    ['.runtask/config.yml', '.runtask/managed.json'],
    ['.runtask/config.yaml', '.runtask/managed.json'],
    ['.runtask/prod.yml', '.runtask/prod.managed.json'],
    ['config.yml', 'managed.json'],
  ])('%s has %s', (config, record) => expect(recordFileOf(config)).toBe(record));
});

describe('the record', () => {
  it('is empty where there is no file', async () => expect(await readRecord(file)).toEqual({ ok: true, value: emptyRecord }));

  it('is written sorted, and the same again after it was read', async () => {
    const store = openRecord(file, emptyRecord, HOSTS);
    store.put(attachment('acme/b/gate'), { name: 'gate', index: 'b', digest: 'd1' });
    store.put({ type: 'runtask_repository_secret', id: 'acme/r/KEY' }, { name: 'r', remembered: { z: 1, a: 'x' }, creating: true });
    store.put(attachment('acme/a/gate'), { name: 'gate', index: 'a', remembered: {} });
    await store.save();
    const text = await readFile(file, 'utf8');
    expect(JSON.parse(text)).toEqual({
      version: 1,
      hcp: 'https://app.terraform.io',
      github: 'https://api.github.com',
      objects: {
        runtask_repository_secret: { 'acme/r/KEY': { name: 'r', creating: true, remembered: { a: 'x', z: 1 } } },
        runtask_workspace_run_task: {
          'acme/a/gate': { name: 'gate', index: 'a' },
          'acme/b/gate': { name: 'gate', index: 'b', digest: 'd1' },
        },
      },
    });
    expect(text.indexOf('acme/a/gate')).toBeLessThan(text.indexOf('acme/b/gate'));
    expect(text.indexOf('"a": "x"')).toBeLessThan(text.indexOf('"z": 1'));
    const again = await readRecord(file);
    if (!again.ok) throw new Error(again.error.summary);
    expect(toRecordText(again.value)).toBe(text);
    expect((await stat(file)).mode & 0o777).toBe(0o644 & ~process.umask());
    expect(await readdir(folder)).toEqual(['managed.json']);
  });

  it('makes one write of many changes, each on the disk before its save ends', async () => {
    let writes = 0;
    const store = openRecord(file, emptyRecord, HOSTS, () => writes++);
    const seen: boolean[] = [];
    await Promise.all(
      Array.from({ length: 1_000 }, async (_, i) => {
        store.put(attachment(`acme/w${i}/gate`), { name: 'gate', creating: true });
        await store.save();
        if (i % 100 === 0) seen.push((await readFile(file, 'utf8')).includes(`acme/w${i}/gate`));
      }),
    );
    expect(seen).toEqual(Array(10).fill(true));
    expect(writes).toBeLessThanOrEqual(2);
  });

  it('brings what is put while a write runs to the disk with the next one', async () => {
    const store = openRecord(file, emptyRecord, HOSTS);
    store.put(attachment('a'), { name: 'a' });
    const first = store.save();
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    store.put(attachment('b'), { name: 'b' });
    await store.save();
    await first;
    expect(await readFile(file, 'utf8')).toContain('"b"');
  });

  it('writes nothing when nothing has changed', async () => {
    const store = openRecord(file, emptyRecord, HOSTS);
    await store.save();
    expect(await readdir(folder)).toEqual([]);
  });

  it('says when it cannot be written, and writes it when it can', async () => {
    const store = openRecord(path.join(folder, 'not-there', 'managed.json'), emptyRecord, HOSTS);
    store.put(attachment('a'), { name: 'a' });
    await expect(store.save()).rejects.toMatchObject({ code: 'E_RECORD_WRITE' });
    await expect(store.save()).rejects.toMatchObject({ code: 'E_RECORD_WRITE' });
  });

  it('is not written through a link that came with the repository', async () => {
    const victim = path.join(folder, 'victim');
    await writeFile(victim, 'mine');
    await symlink(victim, `${file}.new`);
    const store = openRecord(file, emptyRecord, HOSTS);
    store.put(attachment('a'), { name: 'a' });
    await store.save();
    expect(await readFile(victim, 'utf8')).toBe('mine');
  });
});

describe('parseRecord refuses', () => {
  it.each([
    ['no JSON', '{', 'The record is no JSON'],
    ['an empty file', '', 'The record is no JSON'],
    ['a merge', '{\n<<<<<<< HEAD\n}', 'The record has conflict markers of a merge'],
    ['a newer version', '{"version":2,"objects":{}}', 'The record has version 2, this runtask knows 1'],
    ['no version', '{"objects":{}}', 'The record is not as runtask writes it'],
    [
      'a word it does not know',
      '{"version":1,"objects":{"t":{"i":{"name":"n","protect":true}}}}',
      'The record is not as runtask writes it',
    ],
    ['a list', '[]', 'The record is not as runtask writes it'],
  ])('%s', (_, text, summary) => {
    const parsed = parseRecord(text, 'managed.json');
    expect(parsed).toEqual({
      ok: false,
      error: { severity: 'error', summary, detail: expect.stringMatching(/\S/), path: '', file: 'managed.json' },
    });
  });
});

describe('checkHosts', () => {
  const record = { hosts: { hcp: 'https://app.terraform.io' }, objects: new Map() };
  it('refuses the record of another host', () =>
    expect(checkHosts(record, { hcp: 'https://tfe.example.com', github: null }, 'managed.json')?.summary).toBe(
      'The record is about HCP Terraform at https://app.terraform.io, the configuration about https://tfe.example.com',
    ));
  it('accepts its own, and a host that one of them does not name', () => expect(checkHosts(record, HOSTS, 'managed.json')).toBeNull());
});
