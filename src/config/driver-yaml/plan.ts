// A plan of the whole configuration, and what is told while it is made and carried out. Types only.
import type { Diagnostic } from '../../base/diagnostics.ts';
import type { Change } from '../engine/operations.ts';
import type { AnyResource } from '../engine/resource.ts';
import type { Clients } from '../resources/clients.ts';
import type { Item } from './item.ts';

export interface PlannedItem {
  readonly address: string;
  readonly name: string;
  readonly index: string | null;
  readonly resource: AnyResource<Clients>;
  /** The import id, `acme/net-prod/gate`; null while a part of it is not known. */
  readonly id: string | null;
  readonly change: Change;
  /** It is there and nobody of ours made it: apply takes it over. May come with any action but create. */
  readonly importing: boolean;
  /** The world is not as the last apply left it. null: not known (no record of it). */
  readonly changedOutside: boolean | null;
  /** Why it is to be deleted; null for other actions. */
  readonly deleteReason: 'not-declared' | 'destroy' | null;
  /** null: only the record knows it. */
  readonly item: Item | null;
  /** Addresses that must be carried out before this one. */
  readonly dependsOn: readonly string[];
  /** The object is there and not in effect: why, in words. What depends on it waits. */
  readonly pending: string | null;
}

export interface ConfigPlan {
  /** In the order of the file; deletions of what is no longer declared at the end. */
  readonly items: readonly PlannedItem[];
  /** With errors the plan cannot be applied. */
  readonly diagnostics: readonly Diagnostic[];
  /** In the record, no longer declared, and gone already: apply takes them out of the record. Nothing else happens to them. */
  readonly forgotten: readonly RecordedObject[];
}

/** What the record knows an object by. */
export interface RecordedObject {
  /** `runtask_workspace_run_task` */
  readonly type: string;
  /** The import id. */
  readonly id: string;
}

export type DriverEvent =
  | { readonly type: 'reading'; readonly done: number; readonly total: number | null; readonly what: string }
  | { readonly type: 'started'; readonly address: string; readonly action: Change['action'] | 'import' }
  | { readonly type: 'progress'; readonly address: string; readonly text: string; readonly elapsedMs: number }
  | {
      readonly type: 'done';
      readonly address: string;
      readonly action: Change['action'] | 'import';
      readonly id: string | null;
      readonly elapsedMs: number;
    }
  | {
      readonly type: 'failed';
      readonly address: string;
      readonly action: Change['action'] | 'import';
      readonly diagnostics: readonly Diagnostic[];
    }
  /** A delete that somebody else has to finish: it is still there. */
  | { readonly type: 'waits'; readonly address: string; readonly reason: string }
  /** Not begun: what it depends on failed, is pending, or the user interrupted. */
  | { readonly type: 'skipped'; readonly address: string; readonly reason: string };

export interface ApplyResult {
  readonly added: number;
  readonly changed: number;
  readonly destroyed: number;
  readonly imported: number;
  /** Address and reason. */
  readonly skipped: readonly { readonly address: string; readonly reason: string }[];
  readonly failed: readonly { readonly address: string; readonly diagnostics: readonly Diagnostic[] }[];
  /** There, and not in effect yet; or to be deleted, and still there: why. Their dependents are among `skipped`. */
  readonly pending: readonly { readonly address: string; readonly reason: string }[];
  readonly interrupted: boolean;
  /** Warnings of what was done, and errors that belong to no object (the record could not be written). */
  readonly diagnostics: readonly Diagnostic[];
}
