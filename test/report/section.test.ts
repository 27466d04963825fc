import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SECTION_LIMITS } from '../../src/contracts/relay-api.ts';
import type { ReportModel } from '../../src/report/model.ts';
import { readSection, toSection, withOwn, writeSection, type Section } from '../../src/report/section.ts';
import { fillSection } from '../../src/report/section/fill.ts';
import { sectionJson } from '../../src/report/section/json.ts';
import type { Offer } from '../../src/report/section/offer.ts';
import { hostile } from './gfm.ts';
import { aFinding, aModel, aResult, changeJson, planFrom, planJson } from './models.ts';
import { showcase } from './showcase.ts';

const LENGTHS = ['large', 'medium', 'small'] as const;

const update = (name: string, to = 'b'): object => changeJson(`terraform_data.${name}`, ['update'], { input: 'a' }, { input: to });
const destroy = (name: string): object => changeJson(`terraform_data.${name}`, ['delete'], { input: 'x'.repeat(50) }, null);
const modelOf = async (changes: readonly object[], change: Partial<ReportModel> = {}): Promise<ReportModel> =>
  aModel(await planFrom(planJson(changes)), change);

const digestOf = (model: ReportModel): string => writeSection(toSection(model)).digest;

const EMPTY: Section = toSection(aModel(null));

describe('a section that is written and read', () => {
  it('is the same, where nothing has to be left out', async () => {
    const section = toSection(await showcase());
    const { large, own } = writeSection(section);
    expect(section.workflow).not.toBeNull();
    expect(withOwn(readSection(large)!, own)).toEqual(section);
  });

  it.each(LENGTHS)('is no longer than its limit, %s', async (length) => {
    const changes = Array.from({ length: 2000 }, (_, i) => (i % 2 === 0 ? update(`u_${i}`) : destroy(`d_${i}`)));
    const findings = Array.from({ length: 100 }, (_, i) => aFinding({ message: `finding ${i} ${'€'.repeat(200)}` }));
    const results = [aResult({ check: 'c', status: 'failed', findings })];
    const section = toSection(await modelOf(changes, { results, verdict: { status: 'failed', message: 'm'.repeat(5000) } }));
    const text = writeSection(section)[length];
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(SECTION_LIMITS[length]);
    const read = readSection(text);
    // What is destroyed, and that a check failed, is there however short it is; the counts are those of the whole.
    expect(read?.plan?.tally).toEqual({ destroy: 1000, update: 1000 });
    expect(read?.plan?.resources[0]).toMatchObject({ group: 'destroy', address: 'terraform_data.d_1' });
    expect(read?.checks.failed.items).toMatchObject([{ name: 'c', count: 100 }]);
    const told = read?.checks.failed.items[0]?.findings;
    expect((told?.items.length ?? 0) + (told?.more ?? 0)).toBe(100);
  });

  it('is no longer than its limits, whatever stands in it', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, fc.constantFrom(1, 50, 3000), async (piece, times) => {
        const text = piece.repeat(times);
        const change = changeJson(`a.b["${text}"]`, ['delete', 'create'], { [text]: text }, { x: text }, { action_reason: text });
        const plan = await planFrom(planJson([change], { terraform_version: text }));
        const model = aModel(plan, {
          planProblem: text,
          commit: text,
          workflowUrl: `https://x.example/${encodeURIComponent(text.toWellFormed())}`,
          verdict: { status: 'failed', message: text, decidedBy: 'lease' },
          delivery: { state: 'undeliverable', reason: text },
          sources: [{ name: text, digest: text, checks: 1 }],
          results: [aResult({ check: text, status: 'errored', reason: text })],
        });
        const section = toSection({ ...model, run: { ...model.run, vcs: { ...model.run.vcs, commit_url: text } } });
        const written = writeSection(section);
        for (const length of LENGTHS) {
          expect(Buffer.byteLength(written[length])).toBeLessThanOrEqual(SECTION_LIMITS[length]);
          expect(readSection(written[length])).not.toBeNull();
        }
        expect(Buffer.byteLength(written.own)).toBeLessThanOrEqual(SECTION_LIMITS.own);
      }),
      { numRuns: 40 },
    );
  });

  it.each([
    ['no JSON', '{'],
    ['nothing', ''],
    ['no object', 'null'],
    ['another version', '{"version":2}'],
    ['another form', '{"version":1,"run":7}'],
  ])('is refused when it is %s', (_, text) => {
    expect(readSection(text)).toBeNull();
    // What is a workspace's own is told where it can be read, and missing else.
    expect(withOwn({ ...EMPTY, workflow: 'https://x.example/' }, text)).toMatchObject({
      workflow: null,
      state: { kind: 'planned', at: null },
    });
  });

  it('may hold keys and groups that this version does not know', async () => {
    const section = toSection(await modelOf([update('a')]));
    const later = JSON.parse(writeSection(section).large) as { plan: { resources: object[] } };
    const text = JSON.stringify({
      ...later,
      later: 1,
      plan: { ...later.plan, resources: [{ ...later.plan.resources[0], group: 'renovate', x: 1 }] },
    });
    expect(readSection(text)?.plan?.resources).toEqual([{ ...section.plan?.resources[0], group: 'other' }]);
  });
});

describe('the digest of a section', () => {
  it('is the same for workspaces that say the same: not the run, the workflow or the time', async () => {
    const one = await modelOf([update('a')], { state: { kind: 'applied', at: '2026-11-22T12:00:00Z' } });
    const other: ReportModel = {
      ...one,
      run: { ...one.run, workspace: 'net-dev', run_id: 'run-2', run_url: 'https://x.example/2', run_created_at: '2026-11-22T11:00:00Z' },
      workflowUrl: 'https://github.com/acme/net/actions/runs/2',
      state: { kind: 'applied', at: '2026-11-22T12:09:00Z' },
    };
    expect(digestOf(other)).toBe(digestOf(one));
    // Nor do their texts differ: the relay, which keeps to one of them, takes nobody's word for it.
    const [{ own, ...said }, { own: otherOwn, ...otherSaid }] = [writeSection(toSection(one)), writeSection(toSection(other))];
    expect(otherSaid).toEqual(said);
    expect([own, otherOwn].map((text) => JSON.parse(text) as unknown)).toEqual([
      { workflow: one.workflowUrl, at: '2026-11-22T12:00:00Z' },
      { workflow: 'https://github.com/acme/net/actions/runs/2', at: '2026-11-22T12:09:00Z' },
    ]);
    expect(digestOf(one)).toMatch(/^[\w-]{16,64}$/);
  });

  it.each<[string, (model: ReportModel) => ReportModel | Promise<ReportModel>]>([
    ['a value', async (model) => ({ ...model, ...(await planOf(update('a', 'c'))) })],
    ['an address', async (model) => ({ ...model, ...(await planOf(update('b'))) })],
    ['a finding', (model) => ({ ...model, results: [aResult({ status: 'failed', findings: [aFinding()] })] })],
    ['the verdict', (model) => ({ ...model, verdict: { status: 'failed', message: 'm' } })],
    ['the enforcement', (model) => ({ ...model, run: { ...model.run, enforcement: 'advisory' } })],
    ['the commit', (model) => ({ ...model, commit: 'abc' })],
    ['the state', (model) => ({ ...model, state: { kind: 'errored', at: null } })],
  ])('differs with %s', async (_, differ) => {
    const one = await modelOf([update('a')]);
    expect(digestOf(await differ(one))).not.toBe(digestOf(one));
  });

  async function planOf(change: object): Promise<Pick<ReportModel, 'plan' | 'masker'>> {
    const { plan, masker } = await modelOf([change]);
    return { plan, masker };
  }

  it('is nobody else’s where something was left out: what is not there was not compared', async () => {
    const one = await modelOf([update('a')], {
      results: [aResult({ findings: Array.from({ length: 1001 }, () => aFinding({ level: 'note' })) })],
    });
    expect(digestOf({ ...one, workflowUrl: 'https://github.com/acme/net/actions/runs/2' })).not.toBe(digestOf(one));
  });
});

describe('toSection', () => {
  it('works out no more diffs than there is room for', async () => {
    const section = toSection(await modelOf([]));
    const { plan } = section;
    if (plan === null) throw new Error('no plan');
    let worked = 0;
    const resource = { group: 'update' as const, address: 'a.b', notes: [], failed: [] };
    const offer: Offer = {
      ...section,
      checks: { ...section.checks, failed: { items: [], more: 0 } },
      plan: {
        ...plan,
        tally: { update: 100_000 },
        outputs: { items: [], more: 0 },
        invocations: { items: [], more: 0 },
        deferred: { items: [], more: 0 },
        drift: { items: [], more: 0 },
        resources: Array.from({ length: 100_000 }, () => ({
          group: 'update',
          line: () => resource,
          full: () => {
            worked++;
            return { ...resource, body: ['x'.repeat(1000)] };
          },
        })),
      },
    };
    const filled = fillSection(offer, 100_000);
    expect(Buffer.byteLength(sectionJson(filled))).toBeLessThanOrEqual(100_000);
    expect(filled.plan?.resources.length).toBeGreaterThan(1000);
    expect(worked).toBeLessThan(100);
  });

  it('says what became of a run: never applied without having been told', async () => {
    const model = await modelOf([]);
    const stateOf = (change: Partial<ReportModel>): Section['state'] => toSection({ ...model, ...change }).state;
    expect(stateOf({})).toEqual({ kind: 'planned', at: null });
    expect(stateOf({ run: { ...model.run, stage: 'post_apply' } })).toEqual({ kind: 'finished', at: null });
    expect(stateOf({ state: { kind: 'applied', at: '2026-11-22T12:00:00Z' } })).toEqual({ kind: 'applied', at: '2026-11-22T12:00:00Z' });
  });

  it('tells the conditions that failed, what is invoked, what is deferred, and the drift that matters', async () => {
    const plan = await planFrom(
      planJson([update('a')], {
        checks: [
          {
            address: { kind: 'check', to_display: 'check.dns' },
            status: 'fail',
            instances: [{ address: { to_display: 'check.dns' }, status: 'fail', problems: [{ message: 'The name does not resolve' }] }],
          },
          { address: { kind: 'check', to_display: 'check.ok' }, status: 'pass', instances: [] },
        ],
        action_invocations: [
          {
            address: 'action.aws_lambda_invoke.warm',
            type: 'aws_lambda_invoke',
            name: 'warm',
            config_values: { payload: 'x' },
            lifecycle_action_trigger: { triggering_resource_address: 'terraform_data.a', action_trigger_event: 'AfterUpdate' },
          },
        ],
        resource_drift: [update('a', 'by hand'), update('z', 'by hand')],
        relevant_attributes: [{ resource: 'terraform_data.a', attribute: ['input'] }],
        deferred_changes: [{ reason: 'absent_prereq', resource_change: update('later') }],
      }),
    );
    const section = toSection(aModel(plan));
    expect(section.conditions).toEqual({
      items: [{ line: [{ code: 'check.dns' }, ' · check block ', { bold: 'failed' }], problems: ['The name does not resolve'] }],
      more: 0,
    });
    expect(section.plan).toMatchObject({
      invocations: {
        items: [
          {
            line: [{ code: 'action.aws_lambda_invoke.warm' }, ' · invoked by ', { code: 'terraform_data.a' }, ', after it is updated'],
            body: ['+ payload = "x"'],
          },
        ],
        more: 0,
      },
      deferred: { items: [[{ code: 'terraform_data.later' }, ' · something it needs does not exist yet']], more: 0 },
      drift: { items: [{ line: [{ code: 'terraform_data.a' }] }], more: 0 },
      otherDrift: 1,
    });
  });
});
