// One object that the configuration declares: the selectors are expanded, the defaults of the file are in place.
import type { AttributePath, Problem } from '../engine/problem.ts';
import type { AnyResource } from '../engine/resource.ts';
import type { Value } from '../engine/values.ts';
import type { Clients } from '../resources/clients.ts';
import type { DocumentPath } from '../../documents/path.ts';

/** A value that another item has: known when that item's is. */
export class Reference {
  readonly address: string;
  readonly attribute: string;
  constructor(address: string, attribute: string) {
    this.address = address;
    this.attribute = attribute;
  }
}

export interface Item {
  /** As Terraform would write it: `runtask_workspace_run_task.gate["net-prod"]`. */
  readonly address: string;
  /** `gate` */
  readonly name: string;
  /** `net-prod`; null: there is one of the name. */
  readonly index: string | null;
  readonly resource: AnyResource<Clients>;
  /** Absent: not said. Write-only values are here: an item is never printed or written as it is. */
  readonly config: Readonly<Record<string, Value | Reference>>;
  /** Addresses that must be in effect first although no value of theirs is used (a workflow, before what posts run tasks to it). */
  readonly after: readonly string[];
  /** Where an attribute stands in the file. */
  placeOf(path: AttributePath): DocumentPath;
}

export interface EmptySelection {
  readonly runTask: string;
  readonly place: DocumentPath;
}

export interface Expanded {
  readonly items: readonly Item[];
  readonly problems: readonly (Problem & { readonly place: DocumentPath })[];
  /** Selections that take no workspace as things are. */
  readonly empty?: readonly EmptySelection[];
}
