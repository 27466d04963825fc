import { describe, expect, it } from '@jest/globals';
import { createJsonLines } from '../../../src/cli/config/json-lines.ts';
import { createLiveLines, elapsedText } from '../../../src/cli/config/live-lines.ts';
import type { DriverEvent } from '../../../src/config/driver-yaml/plan.ts';
import { aPlan, ATTACHMENT, attachment, change, NEW_ATTACHMENT, planned, TASK, task } from '../../config/driver-yaml/plan-json/plans.ts';
import { aScreen } from './screens.ts';

const address = 'runtask_workspace_run_task.gate["net-prod"]';
const error = { severity: 'error', summary: 'Refused', detail: 'Ask', path: '', file: 'c.yml', line: 3, column: 5 } as const;
const EVENTS: readonly DriverEvent[] = [
  { type: 'started', address, action: 'create' },
  { type: 'progress', address, text: 'asking the relay', elapsedMs: 0 },
  { type: 'progress', address, text: '', elapsedMs: 10_000 },
  { type: 'done', address, action: 'create', id: 'acme/net-prod/gate', elapsedMs: 70_400 },
  { type: 'failed', address: 'a.b', action: 'update', diagnostics: [error] },
  { type: 'skipped', address: 'a.c', reason: 'a.b failed' },
];

describe('createLiveLines', () => {
  it("tells what happens in Terraform's words", () => {
    const { screen, out, err } = aScreen();
    const live = createLiveLines(screen, 3);
    EVENTS.forEach(live);
    expect(err()).toBe('');
    expect(out()).toBe(`${address}: Creating…
${address}: asking the relay…
${address}: Still working… [10s elapsed]
${address}: Creation complete after 1m10s [id=acme/net-prod/gate]
a.b: Modifications failed
  c.yml:3:5: Refused. Ask
a.c: Skipped: a.b failed
`);
  });

  it('counts on one line of a terminal where very much happens, and lets only failures stand', () => {
    const { screen, out, err } = aScreen({ terminal: true });
    const live = createLiveLines(screen, 1000);
    EVENTS.forEach(live);
    expect(out()).toBe('a.b: Modifications failed\n  c.yml:3:5: Refused. Ask\n');
    expect(err().split('\u001b[2K\r').at(-1)).toBe('1 of 1,000 done, 1 failed, 1 skipped');
    screen.status(null);
    expect(err().endsWith('\u001b[2K\r')).toBe(true);
  });

  it('says how far reading is on a terminal, and nothing of it in a log', () => {
    const reading: DriverEvent = { type: 'reading', done: 400, total: 1000, what: 'objects' };
    const [terminal, log] = [aScreen({ terminal: true }), aScreen()];
    for (const { screen } of [terminal, log]) createLiveLines(screen, 0)(reading);
    expect(terminal.all()).toBe('Reading… 400 of 1,000 objects');
    expect(log.all()).toBe('');
  });

  it('lets no text from outside act on the terminal', () => {
    const { screen, out } = aScreen();
    const live = createLiveLines(screen, 1);
    live({ type: 'failed', address: 'a\u001b[2J', action: 'delete', diagnostics: [{ ...error, summary: 'x\r::error::y\u202e' }] });
    live({ type: 'done', address: 'b', action: 'import', id: '\u001b]0;title\u0007', elapsedMs: 0 });
    expect(out()).not.toMatch(/[\u001b\u0007\u202e\r]/);
  });

  it('writes elapsed time as Terraform does', () => {
    expect([0, 1499, 59_400, 60_000, 130_000].map(elapsedText)).toEqual(['0s', '1s', '59s', '1m0s', '2m10s']);
  });
});

describe('createScreen', () => {
  it('shows no secret, in whatever form it comes', () => {
    const { screen, all } = aScreen({ terminal: true });
    screen.hide(['a-secret-hmac-key-1']);
    screen.print(`key a-secret-hmac-key-1 ${Buffer.from('a-secret-hmac-key-1').toString('base64')}\n`);
    screen.complain('a-secret-hmac-key-1\n');
    screen.status('a-secret-hmac-key-1');
    expect(all()).not.toMatch(/a-secret|YS1zZWNyZXQ/);
    expect(all()).toContain('key *** ***');
  });

  it('takes the line at the bottom away before anything else is written, and puts it back', () => {
    const { screen, all } = aScreen({ terminal: true });
    screen.status('1 of 2');
    screen.print('done\n');
    expect(all()).toBe('1 of 2\u001b[2K\rdone\n1 of 2');
  });
});

describe('createJsonLines', () => {
  it('lets no text from outside act on the terminal', () => {
    const { screen, out } = aScreen();
    const lines = createJsonLines(screen, { clock: { now: () => 0 } });
    lines.event({ type: 'skipped', address: 'a\u009b2J\u202e', reason: '##[error]x' });
    expect(out()).not.toMatch(/[\u009b\u202e]|##\[/);
    expect(JSON.parse(out())).toMatchObject({ hook: { resource: { addr: 'a\u009b2J\u202e' } }, reason: '##[error]x' });
  });

  it('writes what a program of terraform apply -json reads', () => {
    const { screen, out } = aScreen();
    const lines = createJsonLines(screen, { clock: { now: () => Date.UTC(2026, 10, 22) } });
    lines.started('0.1.0');
    lines.planned(
      aPlan([
        planned(ATTACHMENT, 'gate', 'net-prod', change(null, attachment('net-prod', NEW_ATTACHMENT))),
        planned(TASK, 'gate', null, change(task(), task()), { importing: true }),
        planned(TASK, 'same', null, change(task(), task())),
      ]),
    );
    EVENTS.forEach(lines.event);
    const result = { added: 1, changed: 0, destroyed: 0, imported: 1, skipped: [], failed: [], interrupted: false, diagnostics: [] };
    lines.finished({ ...result, pending: [{ address: 'a.d', reason: 'waits for acme/net#7' }] }, 'apply');
    const told = out()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const resource = {
      addr: address,
      module: '',
      resource: address,
      implied_provider: 'runtask',
      resource_type: 'runtask_workspace_run_task',
      resource_name: 'gate',
      resource_key: 'net-prod',
    };
    expect(told[0]).toEqual({
      '@level': 'info',
      '@message': 'runtask 0.1.0',
      '@module': 'runtask.ui',
      '@timestamp': '2026-11-22T00:00:00.000Z',
      'type': 'version',
      'runtask': '0.1.0',
      'ui': '1.2',
    });
    expect(
      told
        .slice(1)
        .map(({ type, change, changes, hook, diagnostic, reason }) => ({ type, ...{ change, changes, hook, diagnostic, reason } })),
    ).toEqual([
      { type: 'planned_change', change: { resource, action: 'create' } },
      {
        type: 'planned_change',
        change: {
          resource: expect.objectContaining({ addr: 'runtask_organization_run_task.gate' }),
          action: 'import',
          importing: { id: 'acme/gate' },
        },
      },
      { type: 'change_summary', changes: { add: 1, change: 0, import: 1, remove: 0, operation: 'plan' } },
      { type: 'apply_start', hook: { resource, action: 'create' } },
      { type: 'apply_progress', hook: { resource, elapsed_seconds: 0 } },
      { type: 'apply_progress', hook: { resource, elapsed_seconds: 10 } },
      { type: 'apply_complete', hook: { resource, action: 'create', id_key: 'id', id_value: 'acme/net-prod/gate', elapsed_seconds: 70 } },
      { type: 'apply_errored', hook: { resource: { addr: 'a.b' }, action: 'update' } },
      {
        type: 'diagnostic',
        diagnostic: { severity: 'error', summary: 'Refused', detail: 'Ask', range: { filename: 'c.yml', start: { line: 3, column: 5 } } },
      },
      { type: 'apply_skipped', hook: { resource: { addr: 'a.c' } }, reason: 'a.b failed' },
      { type: 'apply_pending', hook: { resource: { addr: 'a.d' } }, reason: 'waits for acme/net#7' },
      {
        type: 'change_summary',
        changes: { add: 1, change: 0, import: 1, remove: 0, failed: 0, skipped: 0, pending: 1, interrupted: false, operation: 'apply' },
      },
    ]);
  });
});
