import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { planLines } from '../../../src/cli/config/plan-text.ts';
import { toPlanJson } from '../../../src/config/driver-yaml/plan-json/to-plan-json.ts';
import type { ConfigPlan } from '../../../src/config/driver-yaml/plan.ts';
import { UNKNOWN } from '../../../src/config/engine/values.ts';
import {
  aPlan,
  ATTACHMENT,
  attachment,
  change,
  NEW_ATTACHMENT,
  planned,
  TASK,
  task,
  WORKFLOW,
} from '../../config/driver-yaml/plan-json/plans.ts';

const toDocument = (plan: ConfigPlan): object => toPlanJson(plan, { version: '0.1.0', now: 0 });

async function text(plan: ConfigPlan, destroy = false): Promise<string> {
  const document = toPlanJson(plan, { version: '0.1.0', now: 0 });
  let out = '';
  for await (const line of planLines({ plan, document, file: 'config.yml', destroy }, { colour: false, width: 80 })) out += line;
  return out;
}
const names = (count: number, prefix = 'net'): string[] => Array.from({ length: count }, (_, i) => `${prefix}-${i}`);
const added = (workspaces: readonly string[]) =>
  workspaces.map((name) => planned(ATTACHMENT, 'gate', name, change(null, attachment(name, NEW_ATTACHMENT))));

describe('planLines', () => {
  it('shows what is to happen in the manner of Terraform', async () => {
    const plan = aPlan([
      planned(TASK, 'gate', null, change(null, task({ id: UNKNOWN }))),
      planned(
        WORKFLOW,
        'net',
        null,
        change({ repository: 'acme/net', path: 'x.yml', content: 'a\nb\n' }, { repository: 'acme/net', path: 'x.yml', content: 'a\nc\n' }),
        {
          changedOutside: true,
        },
      ),
      planned(ATTACHMENT, 'gate', 'old', change(attachment('old'), null)),
      planned(ATTACHMENT, 'gate', 'here', change(attachment('here'), attachment('here')), { importing: true }),
      planned(ATTACHMENT, 'gate', 'same', change(attachment('same'), attachment('same'))),
    ]);
    expect(await text(plan)).toBe(`
Destroy (1)
  -   runtask_workspace_run_task.gate["old"] · no longer declared
      - enforcement_level = "mandatory"
      - id                = "wstask-old"
      - organization      = "acme"
      - run_task          = "gate"
      - stages            = ["post_plan"]
      - workspace         = "old"
      - workspace_id      = "ws-old"

Update (1)
  ~   runtask_repository_workflow.net · content · changed outside since the last apply
      ~ content = <<-EOT
            a
      -     b
      +     c
        EOT

Create (1)
  +   runtask_organization_run_task.gate
      + description      = "Checks in acme/terraform-gate"
      + enabled          = true
      + hmac_key         = (sensitive value)
      + hmac_key_version = 1
      + id               = (known after apply)
      + name             = "gate"
      + organization     = "acme"
      + url              = "https://relay.example.com/hooks/gate"

Import (1)
  &   runtask_workspace_run_task.gate["here"] · imported as acme/here/gate

1 sensitive value hidden

Plan: 1 to import, 1 to add, 1 to change, 1 to destroy.
1 of 5 objects stay as they are.
`);
  });

  it('tells like changes once, with all names', async () => {
    const plan = aPlan([
      ...added(names(7)),
      planned(ATTACHMENT, 'gate', 'own', change(null, attachment('own', { ...NEW_ATTACHMENT, enforcement_level: 'advisory' }))),
    ]);
    expect(await text(plan)).toBe(`
Create (8)
  +   runtask_workspace_run_task.gate[…]
      + enforcement_level = "mandatory"
      + organization      = "acme"
      + run_task          = "gate"
      + stages            = ["post_plan"]
        net-0  net-1  net-2  net-3  net-4  net-5  net-6
  +   runtask_workspace_run_task.gate["own"]
      + enforcement_level = "advisory"
      + id                = (known after apply)
      + organization      = "acme"
      + run_task          = "gate"
      + stages            = ["post_plan"]
      + workspace         = "own"
      + workspace_id      = "ws-own"

Plan: 8 to add, 0 to change, 0 to destroy.
`);
  });

  it('joins what is destroyed, imported and updated alike, and nothing that differs', async () => {
    const plan = aPlan([
      ...names(5, 'gone').map((name) => planned(ATTACHMENT, 'gate', name, change(attachment(name), null), { deleteReason: 'destroy' })),
      ...names(5, 'mine').map((name) => planned(ATTACHMENT, 'gate', name, change(attachment(name), attachment(name)), { importing: true })),
      ...names(5, 'weak').map((name) =>
        planned(ATTACHMENT, 'gate', name, change(attachment(name, { enforcement_level: 'advisory' }), attachment(name))),
      ),
      ...names(5, 'each').map((name, i) =>
        planned(ATTACHMENT, 'gate', name, change(attachment(name, { stages: [`stage-${i}`] }), attachment(name))),
      ),
    ]);
    const told = await text(plan);
    expect(told.match(/^ {2}\S+ +runtask.*$/gm)).toEqual([
      '  -   runtask_workspace_run_task.gate[…]',
      '  ~   runtask_workspace_run_task.gate[…] · enforcement_level',
      ...names(5, 'each').map((name) => `  ~   runtask_workspace_run_task.gate["${name}"] · stages`),
      '  &   runtask_workspace_run_task.gate[…] · imported',
    ]);
    expect(told).toMatch(/^Destroy \(5\)$/m);
    expect(told).toContain('        gone-0  gone-1  gone-2  gone-3  gone-4\n');
    expect(told).toContain('        mine-0  mine-1  mine-2  mine-3  mine-4\n');
  });

  it('never leaves out an id that changes', async () => {
    const plan = aPlan(
      names(5).map((name) => planned(ATTACHMENT, 'gate', name, change(attachment(name, { workspace_id: 'ws-old' }), attachment(name)))),
    );
    expect((await text(plan)).match(/~ workspace_id = .*/g)).toEqual(names(5).map((name) => `~ workspace_id = "ws-old" -> "ws-${name}"`));
  });

  it('keeps 1,000 attachments on few pages', async () => {
    expect((await text(aPlan(added(names(1000))))).split('\n').length).toBeLessThan(140);
  });

  it('says that nothing changes, what waits, and what is not there to be destroyed', async () => {
    const same = planned(TASK, 'gate', null, change(task(), task()));
    expect(await text(aPlan([same]))).toBe('\nNo changes. HCP Terraform and GitHub are as config.yml declares them (1 object).\n');
    expect(await text(aPlan([{ ...same, pending: 'waits for acme/net#7 to be merged' }]))).toBe(
      '\nWaiting (1)\n      runtask_organization_run_task.gate: waits for acme/net#7 to be merged\n\nNo changes. HCP Terraform and GitHub are as config.yml declares them (1 object).\n',
    );
    expect(await text(aPlan([]), true)).toContain('Nothing to destroy');
  });

  it('says how much of it comes after what waits', async () => {
    const waits = planned(TASK, 'gate', null, change(task(), task()), { pending: 'waits for acme/net#7 to be merged' });
    const after = added(['a', 'b']).map((one) => ({ ...one, dependsOn: [waits.address] }));
    expect(await text(aPlan([waits, ...after, ...added(['c'])]))).toContain(
      'Waiting (1)\n      runtask_organization_run_task.gate: waits for acme/net#7 to be merged\n      2 changes above are not begun before that.\n',
    );
  });

  it('tells what was deleted outside from what was changed there', async () => {
    const gone = added(['gone']).map((one) => ({ ...one, changedOutside: true }));
    expect(await text(aPlan(gone))).toContain('["gone"] · deleted outside since the last apply\n');
  });

  it('lets no name act on the terminal', async () => {
    const told = await text(aPlan(added(names(6).map((name) => `${name}\u001b[2J\u202e`))));
    expect(told).not.toMatch(/[\u001b\u202e]/);
    expect(told).toContain('\\u001b[2J');
  });
});

const runtask = (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, ['--no-warnings', 'src/cli/index.ts', ...args], { maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });

describe('the plan in JSON', () => {
  it('is read by our own checks and by our own renderer', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'config-plan-'));
    try {
      const plan = aPlan([
        ...names(2, 'prod').map((name) => planned(ATTACHMENT, 'gate', name, change(attachment(name), null))),
        planned(ATTACHMENT, 'gate', 'new', change(null, attachment('new', NEW_ATTACHMENT))),
      ]);
      await writeFile(path.join(folder, 'plan.json'), JSON.stringify(toDocument(plan)));
      await writeFile(
        path.join(folder, 'checks.yml'),
        [
          'version: 1',
          'checks:',
          '  - name: no workspace loses its gate',
          '    protect: { types: [runtask_workspace_run_task] }',
          '  - name: one at a time',
          '    limit: { destroy: 1 }',
          '  - name: gates are mandatory',
          '    cel: { when: "type == \'runtask_workspace_run_task\' && after != null", assert: "after.enforcement_level == \'mandatory\'", message: "${address} is not" }',
          '',
        ].join('\n'),
      );
      const checked = await runtask(
        'check',
        '--plan',
        path.join(folder, 'plan.json'),
        '--checks',
        path.join(folder, 'checks.yml'),
        '--json',
      );
      expect(checked).toMatchObject({ code: 1, stderr: '' });
      const { results } = JSON.parse(checked.stdout) as {
        results: { check: string; status: string; findings: { address: string | null }[] }[];
      };
      expect(results.map(({ check, status, findings }) => [check, status, findings.map(({ address }) => address)])).toEqual([
        ['no workspace loses its gate', 'failed', names(2, 'prod').map((name) => `runtask_workspace_run_task.gate["${name}"]`)],
        ['one at a time', 'failed', [null]],
        ['gates are mandatory', 'passed', []],
      ]);
      const rendered = await runtask('render', '--plan', path.join(folder, 'plan.json'));
      expect(rendered).toMatchObject({ code: 0, stderr: '' });
      expect(rendered.stdout).toContain('Plan: 1 to add, 0 to change, 2 to destroy');
      expect(rendered.stdout).toContain('runtask_workspace_run_task.gate["prod-0"] · its key is no longer in for_each');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
