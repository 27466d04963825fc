import { describe, expect, it } from '@jest/globals';
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Diagnostic } from '../../src/base/diagnostics.ts';
import { readPlan } from '../../src/plan/read-plan.ts';
import { chunksOf, planDocument } from './build-plan.ts';

const change = (more: object = {}, of: object = {}): object => ({
  address: 'a_b.c',
  type: 'a_b',
  name: 'c',
  change: { actions: ['create'], before: null, after: { x: 1 }, ...of },
  ...more,
});

async function refused(text: string | Uint8Array, maxBytes?: number): Promise<Diagnostic[]> {
  const result = await readPlan(chunksOf(text, 1 << 16), maxBytes === undefined ? {} : { maxBytes });
  if (result.ok) throw new Error('read as a plan');
  return result.error;
}

async function accepted(text: string | Uint8Array): Promise<import('../../src/plan/model.ts').Plan> {
  const result = await readPlan(chunksOf(text, 5));
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

describe('readPlan', () => {
  it('reads the smallest plan', async () => {
    expect(await accepted(planDocument())).toEqual({
      formatVersion: '1.2',
      terraformVersion: null,
      changes: [],
      drift: [],
      outputs: [],
      deferred: [],
      counts: { add: 0, change: 0, destroy: 0, replace: 0, import: 0, forget: 0, move: 0 },
      configuration: null,
      errored: false,
      complete: null,
      applyable: null,
    });
  });

  it('reads characters that were cut by the borders of chunks', async () => {
    const plan = await accepted(planDocument({ resource_changes: [change({ address: 'données.検索["🦊"]' })] }));
    expect(plan.changes[0]?.address).toBe('données.検索["🦊"]');
  });

  it.each([
    ['UTF-8 with a byte order mark', Buffer.from('\ufeff' + planDocument({ terraform_version: 'ü' }))],
    ['UTF-16LE', Buffer.from('\ufeff' + planDocument({ terraform_version: 'ü' }), 'utf16le')],
    ['UTF-16BE', Buffer.from('\ufeff' + planDocument({ terraform_version: 'ü' }), 'utf16le').swap16()],
  ])('reads %s', async (_, bytes) => {
    expect((await accepted(bytes)).terraformVersion).toBe('ü');
  });

  it('reads a redacted plan, which calls its format version otherwise', async () => {
    expect((await accepted('{"plan_format_version":"1.1","resource_changes":[]}')).formatVersion).toBe('1.1');
  });

  it('lets the last of two equal keys win, as every reader of JSON in Go and JavaScript does', async () => {
    expect((await accepted('{"format_version":"1.0","format_version":"1.1"}')).formatVersion).toBe('1.1');
  });

  it.each([
    ['no bytes', '', 'The plan is empty'],
    ['white space', ' \n\t ', 'The plan is empty'],
    ['a byte order mark alone', '\ufeff', 'The plan is empty'],
    ['an empty object', '{}', 'The plan is an empty JSON object'],
    ['a list', '[]', 'This is a JSON list, not a plan'],
    ['null', 'null', 'This is a single JSON value, not a plan'],
    ['an error answer', '{"errors":[{"status":"404"}]}', 'This is an error answer of an API, not a plan'],
    ['a state file', '{"version":4,"serial":1,"lineage":"x"}', 'This is a Terraform state file, not a plan'],
    ['a shown state', '{"format_version":"1.0","values":{}}', 'This is a state (`terraform show -json` without a plan file), not a plan'],
    ['a plan log', '{"@level":"info"}\n{"@level":"info"}', 'This is the log of `terraform plan -json`, not a plan'],
    ['one line of a plan log', '{"@message":"x","@level":"info"}', 'This is the log of `terraform plan -json`, not a plan'],
    ['text for people', '\nTerraform will perform the following actions:\n', "This is Terraform's text for people, not JSON"],
    ['a web page', '<!DOCTYPE html><p>Bad gateway', 'This is a web page or XML, not a plan'],
    ['a binary plan', 'PK\u0003\u0004rest', 'This is a binary plan file, not JSON'],
    ['an object of something else', '{"a":1}', 'There is no `format_version`, so this is no plan'],
    ['a format version that is no text', '{"format_version":1}', 'There is no `format_version`, so this is no plan'],
    ['format 2', '{"format_version":"2.0"}', 'Unsupported format version of the plan'],
    ['format 10', '{"format_version":"10.0"}', 'Unsupported format version of the plan'],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'The plan is not UTF-8 text'],
    ['an unfinished document', '{"format_version":"1.2"', 'The plan is not valid JSON: the text ends too early'],
  ])('refuses %s with a summary of its own', async (_, text, summary) => {
    const diagnostics = await refused(text);
    expect(diagnostics.map((d) => [d.severity, d.summary])).toEqual([['error', summary]]);
    expect(diagnostics[0]?.detail).not.toBe('');
  });

  it('tells line and column of a fault and quotes nothing', async () => {
    const [diagnostic] = await refused('{\n  "password": "hunter2-hunter2",\n  "x": hunter2\n}');
    expect(diagnostic).toMatchObject({ line: 3, column: 8, summary: 'The plan is not valid JSON: no JSON value begins here' });
    expect(JSON.stringify(diagnostic)).not.toContain('hunter2');
  });

  it('tells every malformed change by its place, and quotes nothing', async () => {
    const text = planDocument({
      resource_changes: [change({ address: 5 }), change(), { secret: 'hunter2' }],
      output_changes: { x: { actions: 'hunter2' } },
    });
    const diagnostics = await refused(text);
    expect(diagnostics.map((d) => d.path)).toEqual([
      'resource_changes[0].address',
      'resource_changes[2].address',
      'resource_changes[2].type',
      'resource_changes[2].name',
      'resource_changes[2].change',
      'output_changes.x.actions',
    ]);
    expect(JSON.stringify(diagnostics)).not.toContain('hunter2');
  });

  it('stops telling after twenty problems', async () => {
    const diagnostics = await refused(planDocument({ resource_changes: Array.from({ length: 1000 }, () => 7) }));
    expect(diagnostics).toHaveLength(21);
    expect(diagnostics.at(-1)?.summary).toBe('980 more problems of the same kind');
  });

  it('refuses a list where a change list should be an object and the reverse', async () => {
    expect((await refused(planDocument({ resource_changes: {} }))).map((d) => d.path)).toEqual(['resource_changes']);
    expect((await refused(planDocument({ output_changes: [] }))).map((d) => d.path)).toEqual(['output_changes']);
  });

  it.each([
    ['lists', '['.repeat(100_000)],
    ['lists in a plan', `{"format_version":"1.2","x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['maps in a plan', `{"format_version":"1.2","x":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`],
  ])('refuses 100,000 nested %s', async (_, text) => {
    expect((await refused(text)).map((d) => d.summary)).toEqual(['The plan nests too deeply']);
  });

  it('does not count brackets in strings as nesting', async () => {
    const text = planDocument({ terraform_version: '['.repeat(2000) + '\\"' + '{'.repeat(2000) });
    expect((await accepted(text)).terraformVersion).toHaveLength(4002);
  });

  it('stops fetching above the limit and names it', async () => {
    let fetched = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) yield (fetched++, new Uint8Array(1000));
    }
    const result = await readPlan(endless(), { maxBytes: 10_000 });
    expect(result).toEqual({
      ok: false,
      error: [
        {
          severity: 'error',
          summary: 'The plan is too large',
          detail: 'It is larger than 10,000 bytes, the limit of this reader.',
          path: '',
        },
      ],
    });
    expect(fetched).toBe(11);
  });

  it('reads a key named __proto__ as the document has it, and gives nothing to other objects', async () => {
    const plan = await accepted(
      `{"format_version":"1.2","__proto__":{"errored":true,"polluted":1},
        "output_changes":{"__proto__":{"actions":["create"],"before":null,"after":"hunter2-hunter2","after_sensitive":true}},
        "resource_changes":[{"address":"a.b","type":"a","name":"b","__proto__":{"deposed":"x"},
          "change":{"actions":["create"],"__proto__":{"importing":{"id":"x"}},"before":null,"after":{"__proto__":{"x":1}}}}]}`,
    );
    expect(plan.errored).toBe(false);
    expect(plan.outputs.map((output) => output.name)).toEqual(['__proto__']);
    expect(plan.changes[0]).toMatchObject({ deposed: null, importing: null });
    expect(Object.keys(plan.changes[0]?.after ?? {})).toEqual(['__proto__']);
    expect('polluted' in {}).toBe(false);
  });

  it('reads from a path and names the file in diagnostics', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'read-plan-'));
    try {
      const good = join(folder, 'plan.json');
      writeFileSync(good, planDocument());
      expect((await readPlan({ path: good })).ok).toBe(true);
      // A stream of a file has a path as well, and may begin anywhere in it.
      expect(await readPlan(createReadStream(good, { start: 1 }))).toMatchObject({ ok: false, error: [{ line: 1, column: 17 }] });
      const bad = join(folder, 'bad.json');
      writeFileSync(bad, '{]');
      expect(await readPlan({ path: bad })).toMatchObject({ ok: false, error: [{ file: bad, line: 1, column: 2 }] });
      expect(await readPlan({ path: join(folder, 'absent.json') })).toMatchObject({
        ok: false,
        error: [{ summary: 'The plan file cannot be read', detail: 'There is no such file.' }],
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('lets a broken stream fail as itself', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('{');
      throw new Error('connection reset');
    }
    await expect(readPlan(broken())).rejects.toThrow('connection reset');
  });
});
