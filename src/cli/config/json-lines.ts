// An apply for programs: one JSON object per line, as `terraform apply -json` writes them. Every key that a program of Terraform's reads is
// where it is there; what Terraform has no word for (skipped, pending) has a type of its own.
//
// Source: HashiCorp, "Machine-readable UI", version 1.2 (read 2026-11-22).
import type { Clock } from '../../base/clock.ts';
import type { Diagnostic } from '../../base/diagnostics.ts';
import type { Json } from '../../contracts/json.ts';
import { toDiagnosticJson } from '../../config/driver-yaml/plan-json/diagnostic-json.ts';
import { typeOf } from '../../config/driver-yaml/deps.ts';
import type { ApplyResult, ConfigPlan, DriverEvent, PlannedItem } from '../../config/driver-yaml/plan.ts';
import { jsonLine } from '../../report/escape.ts';
import { countOf } from './outcome.ts';
import { ACTION_WORDS, eventLine } from './live-lines.ts';
import type { Screen } from './screen.ts';

type Fields = Readonly<Record<string, Json>>;

export interface JsonLines {
  started(version: string): void;
  planned(plan: ConfigPlan): void;
  event(event: DriverEvent): void;
  finished(result: ApplyResult, operation: 'apply' | 'destroy'): void;
  diagnostics(diagnostics: readonly Diagnostic[]): void;
}

/** Terraform's words for actions; `noop` is its spelling here. */
const WIRE_ACTION = {
  'create': 'create',
  'update': 'update',
  'replace': 'replace',
  'delete': 'delete',
  'no-op': 'noop',
  'import': 'import',
} as const;

export function createJsonLines(screen: Screen, { clock }: { readonly clock: Pick<Clock, 'now'> }): JsonLines {
  let known = new Map<string, PlannedItem>();
  const write = (level: 'info' | 'warn' | 'error', message: string, type: string, fields: Fields): void => {
    const head = { '@level': level, '@message': message, '@module': 'runtask.ui', '@timestamp': new Date(clock.now()).toISOString() };
    screen.print(jsonLine({ ...head, type, ...fields }));
  };
  const resourceOf = (address: string): Fields => {
    const item = known.get(address);
    if (item === undefined) return { addr: address };
    return {
      addr: address,
      module: '',
      resource: address,
      implied_provider: 'runtask',
      resource_type: typeOf(item.resource),
      resource_name: item.name,
      resource_key: item.index,
    };
  };
  const summary = (operation: string, changes: Fields, text: string): void =>
    write('info', text, 'change_summary', { changes: { ...changes, operation } });
  const diagnostics = (all: readonly Diagnostic[]): void => {
    for (const one of all)
      write(
        one.severity === 'error' ? 'error' : 'warn',
        `${one.severity === 'error' ? 'Error' : 'Warning'}: ${one.summary}`,
        'diagnostic',
        {
          diagnostic: toDiagnosticJson(one),
        },
      );
  };

  return {
    diagnostics,
    started: (version) => write('info', `runtask ${version}`, 'version', { runtask: version, ui: '1.2' }),

    planned(plan) {
      known = new Map(plan.items.map((item) => [item.address, item]));
      for (const { address, change, importing, id, changedOutside } of plan.items) {
        if (change.action === 'no-op' && !importing) continue;
        const action = change.action === 'no-op' ? 'import' : change.action;
        write('info', `${address}: Plan to ${action}`, 'planned_change', {
          change: {
            resource: resourceOf(address),
            action: WIRE_ACTION[action],
            ...(importing ? { importing: id === null ? {} : { id } } : {}),
            ...(changedOutside === true ? { changed_outside: true } : {}),
          },
        });
      }
      const { add, change, remove, ...rest } = countOf(plan);
      summary('plan', { add, change, import: rest.import, remove }, `Plan: ${add} to add, ${change} to change, ${remove} to destroy.`);
      diagnostics(plan.diagnostics);
    },

    event(event) {
      if (event.type === 'reading') return;
      const message = eventLine(event, false) ?? '';
      const { address } = event;
      const hook: Fields = { resource: resourceOf(address) };
      switch (event.type) {
        case 'started':
          return write('info', message, 'apply_start', { hook: { ...hook, action: WIRE_ACTION[event.action] } });
        case 'progress':
          return write('info', message, 'apply_progress', { hook: { ...hook, elapsed_seconds: Math.round(event.elapsedMs / 1000) } });
        case 'done':
          return write('info', message, 'apply_complete', {
            hook: {
              ...hook,
              action: WIRE_ACTION[event.action],
              ...(event.id === null ? {} : { id_key: 'id', id_value: event.id }),
              elapsed_seconds: Math.round(event.elapsedMs / 1000),
            },
          });
        case 'failed':
          write('error', `${address}: ${ACTION_WORDS[event.action].doing} failed`, 'apply_errored', {
            hook: { ...hook, action: WIRE_ACTION[event.action] },
          });
          return diagnostics(event.diagnostics);
        case 'waits':
          return write('warn', message, 'apply_progress', { hook: { ...hook, reason: event.reason } });
        case 'skipped':
          return write('warn', message, 'apply_skipped', { hook, reason: event.reason });
      }
    },

    finished(result, operation) {
      diagnostics(result.diagnostics);
      for (const { address, reason } of result.pending)
        write('warn', `${address}: ${reason}`, 'apply_pending', { hook: { resource: resourceOf(address) }, reason });
      const { added: add, changed: change, destroyed: remove, imported } = result;
      const failed = result.failed.length;
      const skipped = result.skipped.length;
      summary(
        operation,
        { add, change, import: imported, remove, failed, skipped, pending: result.pending.length, interrupted: result.interrupted },
        `${add} added, ${change} changed, ${remove} destroyed, ${imported} imported, ${failed} failed, ${skipped} skipped`,
      );
    },
  };
}
