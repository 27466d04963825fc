// The kinds on the real plans that lie beside the project, against counts taken from the JSON itself. Skipped where they are absent.
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { overlay, showText } from '../../src/checks/cel/unknown.ts';
import { findUnprotected } from '../../src/checks/protect.ts';
import { protectSchema } from '../../src/contracts/check-kinds.ts';
import type { Json } from '../../src/contracts/json.ts';
import { createMasker } from '../../src/plan/masking.ts';
import type { Plan } from '../../src/plan/model.ts';
import { readPlan } from '../../src/plan/read-plan.ts';
import { judge } from './cel/judge.ts';

const PLANS = join(import.meta.dirname, '../../../shared/plans');
const present = existsSync(PLANS);
if (!present) console.warn(`skipped: no plans at ${PLANS}`);

interface RawChange {
  readonly address: string;
  readonly change: { readonly actions: string[]; readonly after: unknown; readonly after_unknown?: unknown; readonly importing?: unknown };
}

/** Plans redirected into a file by PowerShell are UTF-16. */
const decode = (bytes: Buffer): string => new TextDecoder(bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8').decode(bytes);

async function* plans(): AsyncGenerator<{ name: string; plan: Plan; raw: readonly RawChange[] }> {
  for (const name of (await readdir(PLANS)).filter((file) => file.endsWith('.json'))) {
    const read = await readPlan({ path: join(PLANS, name) });
    if (!read.ok) continue;
    const json = JSON.parse(decode(await readFile(join(PLANS, name)))) as { resource_changes?: RawChange[] };
    yield { name, plan: read.value, raw: json.resource_changes ?? [] };
  }
}

// They lie beside the project and not in it: a clone alone does not have them.
(present ? describe : describe.skip)('real plans', () => {
  it('protect finds each deletion and replacement, and nothing else', async () => {
    let seen = 0;
    for await (const { name, plan, raw } of plans()) {
      const lost = raw.filter((entry) => entry.change.actions.includes('delete')).map((entry) => entry.address);
      const found = findUnprotected(protectSchema.parse({ addresses: ['*'] }), plan, undefined).map((finding) => finding.address);
      expect([name, found]).toEqual([name, lost]);
      seen += found.length;
    }
    expect(seen).toBeGreaterThan(20);
  });

  it('a rule that is never true names every change; one that is always true names none', async () => {
    for await (const { name, plan, raw } of plans()) {
      // What is imported is new, also when nothing of it changes.
      const changing = raw.filter(({ change }) => !['no-op', 'read'].includes(change.actions.join('+')) || Boolean(change.importing));
      const report = (assert: string): unknown[] => {
        const { findings, unlisted, problems } = judge({ assert, message: '${address} ${action} ${before} ${after}' }, plan, {
          maxFindings: 100_000,
        });
        return [name, findings.length + unlisted.error, problems];
      };
      expect(report('false')).toEqual([name, changing.length, []]);
      expect(report('true')).toEqual([name, 0, []]);
    }
  });

  it('a rule that reads all of `after` cannot be judged exactly where something is unknown', async () => {
    const hasMark = (mark: unknown): boolean =>
      mark === true || (typeof mark === 'object' && mark !== null && Object.values(mark).some(hasMark));
    let unknown = 0;
    for await (const { name, plan, raw } of plans()) {
      const open = raw
        .filter(({ change }) => !['no-op', 'read'].includes(change.actions.join('+')) && hasMark(change.after_unknown))
        .map((entry) => entry.address);
      const copies = plan.changes.map(({ address, after, unknown: marks }) => [address, copyOf(after, marks)] as const);
      const { findings, problems } = judge(
        { assert: '[after] == [params.copies[address]]', when: 'action != "no-op" && action != "read" && after != null' },
        plan,
        { maxFindings: 100_000, params: { copies: Object.fromEntries(copies) } },
      );
      expect([name, findings.map((finding) => finding.address), problems]).toEqual([name, open, []]);
      unknown += open.length;
    }
    expect(unknown).toBeGreaterThan(20);
  });

  it('no marked value is in what checks say, even if a rule prints all of it', async () => {
    const all = { when: 'true', assert: 'false', message: '${before} ${after}' };
    const specs = [
      { ...all, message: `${all.message} \${rc}` },
      { ...all, for: 'outputs', message: `\${name} ${all.message}` },
    ];
    for await (const { name, plan } of plans()) {
      const masker = createMasker(plan);
      const findings = specs.flatMap((spec) => judge(spec, plan).findings);
      const said = findings.map((finding) => masker.text(finding.message)).join('\n');
      expect([name, markedStrings(plan).filter((secret) => said.includes(secret))]).toEqual([name, []]);
    }
  });
});

/** The same value, with words in place of what is unknown: whoever compares with it reads everything. */
function copyOf(after: Json, marks: Json): unknown {
  const known = overlay(after, marks, showText('any'));
  return typeof known === 'symbol' ? 'any' : (JSON.parse(JSON.stringify(known)) as unknown);
}

/** Strings at marked places, long enough to be meant. */
function markedStrings(plan: Plan): string[] {
  const found = new Set<string>();
  const collect = (value: unknown, marks: unknown): void => {
    if (marks === true && typeof value === 'string') found.add(value);
    if (typeof value !== 'object' || value === null) return;
    for (const [key, child] of Object.entries(value))
      collect(child, marks === true ? true : typeof marks === 'object' && marks !== null ? (marks as Record<string, unknown>)[key] : false);
  };
  for (const change of [...plan.changes, ...plan.outputs]) {
    collect(change.before, change.beforeSensitive);
    collect(change.after, change.afterSensitive);
  }
  return [...found].filter((secret) => secret.length >= 8);
}
