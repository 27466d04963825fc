// A change as a script sees it: the values, and the marks only as answers to questions. Reading what is unknown throws. Pure.
import type { Json } from '../../contracts/json.ts';
import { holdsTrue, isList, isMap, isMark, ownValue } from '../../plan/json-tree.ts';
import type * as model from '../../plan/model.ts';
import { overlay, WHOLE } from '../cel/unknown.ts';
import type { Configured } from '../values/configured.ts';
import { UnknownValue, type Attribute, type Change, type OutputChange, type ResourceChange } from './api.ts';
import { parseValuePath } from './value-path.ts';

export interface Seeing {
  readonly configured: Configured;
  /** Told whenever the script reads the values of something, for `--explain`. null: nobody asks. */
  readonly onLook: ((subject: string) => void) | null;
}

const NOT_YET = Symbol('not looked at yet');

class ChangeView implements Change<Attribute> {
  readonly #raw: model.Change;
  readonly #subject: string;
  readonly #onLook: Seeing['onLook'];
  #after: unknown = NOT_YET;

  constructor(raw: model.Change, subject: string, { onLook }: Seeing) {
    this.#raw = raw;
    this.#subject = subject;
    this.#onLook = onLook;
  }

  get action(): model.Action {
    return this.#raw.action;
  }
  get actions(): readonly string[] {
    return this.#raw.actions;
  }
  get before(): Attribute {
    this.#onLook?.(this.#subject);
    return this.#raw.before;
  }
  get after(): Attribute {
    this.#onLook?.(this.#subject);
    if (this.#after === NOT_YET) this.#after = withUnknowns(this.#raw.after, this.#raw.unknown, this.#subject);
    if (this.#after === WHOLE) throw new UnknownValue(this.#subject, '');
    return this.#after;
  }

  isUnknown(path = ''): boolean {
    return isMarkedAt(this.#raw.unknown, parseValuePath(path));
  }
  isSensitive(path = ''): boolean {
    const steps = parseValuePath(path);
    return isMarkedAt(this.#raw.afterSensitive, steps) || isMarkedAt(this.#raw.beforeSensitive, steps);
  }

  /** For `console.log`: where it is, and never its values, which would end in the job's log. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `${this.#subject} (${this.#raw.action})`;
  }
}

class ResourceView extends ChangeView implements ResourceChange {
  readonly #resource: model.ResourceChange;
  readonly #configured: Configured;

  constructor(raw: model.ResourceChange, seeing: Seeing) {
    super(raw, raw.address, seeing);
    this.#resource = raw;
    this.#configured = seeing.configured;
  }

  get address(): string {
    return this.#resource.address;
  }
  get previousAddress(): string | null {
    return this.#resource.previousAddress;
  }
  get module(): string {
    return this.#resource.module;
  }
  get mode(): string {
    return this.#resource.mode;
  }
  get type(): string {
    return this.#resource.type;
  }
  get name(): string {
    return this.#resource.name;
  }
  get index(): string | number | null {
    return this.#resource.index;
  }
  get deposed(): string | null {
    return this.#resource.deposed;
  }
  get provider(): string | null {
    return this.#resource.provider;
  }
  get reason(): string | null {
    return this.#resource.reason;
  }
  get replaceOrder(): 'delete-first' | 'create-first' | null {
    return this.#resource.replaceOrder;
  }
  get replacePaths(): readonly model.ValuePath[] {
    return this.#resource.replacePaths;
  }
  isSet(path: string): boolean {
    const steps = parseValuePath(path);
    const { after, unknown } = this.#resource;
    if (isMarkedAround(unknown, steps)) return this.#configured.isSet(this.#resource, steps);
    const value = steps.reduce<Json | undefined>(at, after);
    // Nothing of it is known, and something in it will be there.
    return (value !== null && value !== undefined && value !== '') || holdsTrue(steps.reduce<Json | undefined>(at, unknown));
  }
  get importing(): { readonly id: string | null } | null {
    return this.#resource.importing;
  }
}

class OutputView extends ChangeView implements OutputChange {
  readonly #name: string;

  constructor(raw: model.OutputChange, seeing: Seeing) {
    super(raw, `output.${raw.name}`, seeing);
    this.#name = raw.name;
  }

  get address(): string {
    return `output.${this.#name}`;
  }
  get name(): string {
    return this.#name;
  }
}

export const toResourceView = (raw: model.ResourceChange, seeing: Seeing): ResourceChange => new ResourceView(raw, seeing);

export const toOutputView = (raw: model.OutputChange, seeing: Seeing): OutputChange => new OutputView(raw, seeing);

const withUnknowns = (value: Json, unknown: Json, subject: string): unknown =>
  overlay(value, unknown, (path) => ({
    enumerable: true,
    get: () => {
      throw new UnknownValue(subject, path);
    },
  }));

/** Is the place marked, or a part of it, or what it is part of? */
const isMarkedAt = (marks: Json, path: model.ValuePath): boolean =>
  isMarkedAround(marks, path) || holdsTrue(path.reduce<Json | undefined>(at, marks));

/** Is the place marked as a whole, or what it is part of? */
function isMarkedAround(marks: Json, path: model.ValuePath): boolean {
  let here: Json | undefined = marks;
  for (const step of path) {
    if (isMark(here)) return true;
    here = at(here, step);
  }
  return isMark(here);
}

function at(tree: Json | undefined, step: string | number): Json | undefined {
  if (isList(tree)) return typeof step === 'number' ? tree[step] : undefined;
  return isMap(tree) ? ownValue(tree, String(step)) : undefined;
}
