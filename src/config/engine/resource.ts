// A kind of object that the config tool manages: one definition, from which every driver works. An author writes plain typed functions
// that talk to an API and return what it said; plans, unknown values and merging are the engine's.
import type { Clock } from '../../base/clock.ts';
import type { Problem } from './problem.ts';
import type { ConfigOf, PlannedOf, ReturnedOf, Schema, StateOf, UnfinishedConfigOf, UnfinishedPlanOf } from './schema.ts';

export interface ResourceContext<C> {
  /** The APIs. */
  readonly clients: C;
  /**
   * Aborted by Ctrl-C or a timeout: stop waiting and polling. A write that is under way is finished, because an object that was made and
   * not recorded is worse than a second of waiting.
   */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** For work that takes long: "waiting for …". */
  progress(text: string): void;
  /** Something that the user should know, and that does not stop the work. */
  warn(summary: string, detail?: string): void;
}

export type KeyOf<S extends Schema, K extends keyof S> = Pick<StateOf<S>, K>;

/** What a driver remembers of an object for its resource: the attributes marked `remembered`. */
export type RememberedOf<S extends Schema> = Partial<StateOf<S>>;

export interface Found<S extends Schema> {
  readonly state: ReturnedOf<S>;
  /** Does the object itself say that it is ours (a mark in its description or header)? null: it has no room for that; the driver knows. */
  readonly managed: boolean | null;
}

/** A delete that was begun and is not done (a pull request that waits to be merged): the object is there as it was. */
export interface StillThere {
  /** Why, in words. */
  readonly waits: string;
}

export interface PlannedChange<S extends Schema> {
  readonly action: 'create' | 'update' | 'replace' | 'delete' | 'no-op';
  /** null: to be created */
  readonly prior: StateOf<S> | null;
  /** null: to be deleted. A driver that plans before it knows everything has attributes in it that are undefined: look at them later. */
  readonly planned: UnfinishedPlanOf<S> | null;
}

export interface Resource<S extends Schema, C, K extends keyof S & string = keyof S & string> {
  /** As in `organization_run_task`; drivers put `runtask_` before it. */
  readonly name: string;
  readonly description: string;
  readonly schema: S;
  /** The attributes that say which object it is; all required, none unknown when it is looked for. */
  readonly key: readonly K[];
  readonly import: {
    /** As people write it: `ORG/TASK`. */
    readonly form: string;
    /** @returns null when the text is not of that form */
    toKey(id: string): KeyOf<S, K> | null;
    toId(key: KeyOf<S, K>): string;
  };
  /** Milliseconds; 2 minutes each unless told. */
  readonly timeouts?: Partial<Readonly<Record<'find' | 'create' | 'update' | 'delete', number>>>;

  /** What attributes alone cannot say: two that do not fit together. No I/O. */
  validate?(config: UnfinishedConfigOf<S>): readonly Problem[];
  /** Computed attributes whose value follows from the configuration: known in the plan. Called when nothing in it is unknown. */
  derive?(config: ConfigOf<S>, context: ResourceContext<C>): Promise<ReturnedOf<S>>;
  /**
   * Looks at what is planned of this kind, all of it at once where the driver knows it (limits of an edition, a relay that does not
   * answer). Not called for an empty list.
   */
  review?(
    changes: readonly PlannedChange<S>[],
    configs: readonly (ConfigOf<S> | null)[],
    context: ResourceContext<C>,
  ): Promise<readonly Problem[]>;

  /** @returns null when there is none */
  find(key: KeyOf<S, K>, remembered: RememberedOf<S> | null, context: ResourceContext<C>): Promise<Found<S> | null>;
  /** As `find`, for a driver that keeps states. @returns null when it is gone */
  read(state: StateOf<S>, context: ResourceContext<C>): Promise<ReturnedOf<S> | null>;
  create(planned: PlannedOf<S>, config: ConfigOf<S>, context: ResourceContext<C>): Promise<ReturnedOf<S>>;
  update(planned: PlannedOf<S>, prior: StateOf<S>, config: ConfigOf<S>, context: ResourceContext<C>): Promise<ReturnedOf<S>>;
  /** Ends well when it is gone already. @returns `StillThere` when somebody else has to finish it: it is asked again by the next apply */
  delete(state: StateOf<S>, context: ResourceContext<C>): Promise<StillThere | void>;
  /**
   * Is the object there and yet not in effect (a workflow whose pull request waits to be merged)? Then why, in words: what depends on it
   * is not made before. null: in effect.
   */
  pending?(state: StateOf<S>): string | null;
}

/** Reads something; makes nothing. */
export interface DataSource<S extends Schema, C> {
  readonly name: string;
  readonly description: string;
  readonly schema: S;
  validate?(config: UnfinishedConfigOf<S>): readonly Problem[];
  read(config: ConfigOf<S>, context: ResourceContext<C>): Promise<ReturnedOf<S>>;
}

/**
 * Makes the function that definitions of one set of clients are written with. Types are inferred from the schema and the key; the rest is
 * what checkDefinition finds.
 */
export const resourceFor =
  <C>() =>
  <const S extends Schema, const K extends keyof S & string>(definition: Resource<S, C, K>): Resource<S, C, K> =>
    definition;
export const dataSourceFor =
  <C>() =>
  <const S extends Schema>(definition: DataSource<S, C>): DataSource<S, C> =>
    definition;

/**
 * A definition whose schema is not known at compile time: what the engine and the drivers hold in their tables. `any` on purpose and only
 * here: the functions of a definition take what its own schema says, and the engine makes exactly that.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as said above
export type AnyResource<C = any> = Resource<any, C, any>;
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as said above
export type AnyDataSource<C = any> = DataSource<any, C>;
