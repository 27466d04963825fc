// A plan that a test writes in a few lines, as the document that Terraform would write. It is read like any other plan, so a test
// sees what the action sees. Pure.
import type { ChecksTest, InlineChange } from '../../contracts/checks-tests.ts';

const ACTIONS: Readonly<Record<NonNullable<InlineChange['action']>, readonly string[]>> = {
  'create': ['create'],
  'update': ['update'],
  'replace': ['delete', 'create'],
  'delete': ['delete'],
  'forget': ['forget'],
  'read': ['read'],
  'no-op': ['no-op'],
};

export function toPlanDocument(test: ChecksTest): object {
  return {
    format_version: '1.2',
    terraform_version: '1.11.4',
    variables: Object.fromEntries(Object.entries(test.variables ?? {}).map(([name, value]) => [name, { value }])),
    resource_changes: (test.changes ?? []).map(toResourceChange),
    resource_drift: (test.drift ?? []).map(toResourceChange),
    output_changes: Object.fromEntries(Object.entries(test.outputs ?? {}).map(([name, output]) => [name, toOutputChange(output)])),
    configuration: test.configuration ?? { root_module: {} },
    errored: false,
    complete: true,
    applyable: true,
  };
}

function toResourceChange(change: InlineChange): object {
  const action = change.action ?? guessAction(change);
  const { module, mode, type, name, index } = partsOf(change.address);
  const isGone = action === 'delete' || action === 'forget';
  return {
    address: change.address,
    ...(change.previous_address === undefined ? {} : { previous_address: change.previous_address }),
    ...(module === '' ? {} : { module_address: module }),
    mode,
    type,
    name,
    ...(index === null ? {} : { index }),
    ...(change.provider === undefined ? {} : { provider_name: change.provider }),
    ...(change.deposed === undefined ? {} : { deposed: change.deposed }),
    ...(change.reason === undefined ? {} : { action_reason: change.reason }),
    change: {
      actions: ACTIONS[action],
      before: action === 'create' ? null : (change.before ?? {}),
      after: isGone ? null : (change.after ?? change.before ?? {}),
      after_unknown: isGone ? {} : toMarks(change.unknown ?? []),
      before_sensitive: toMarks(change.sensitive ?? []),
      after_sensitive: isGone ? {} : toMarks(change.sensitive ?? []),
    },
  };
}

function guessAction({ before, after }: InlineChange): keyof typeof ACTIONS {
  if (before === undefined || before === null) return 'create';
  return after === null ? 'delete' : 'update';
}

function toOutputChange({ before, after }: { readonly before?: unknown; readonly after?: unknown }): object {
  const actions = before === undefined ? ['create'] : after === undefined ? ['delete'] : ['update'];
  return { actions, before: before ?? null, after: after ?? null, after_unknown: false, before_sensitive: false, after_sensitive: false };
}

interface AddressParts {
  readonly module: string;
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly name: string;
  readonly index: string | number | null;
}

/** Keys may hold dots, brackets and quotes: `module.a["x.y"].aws_x.b["say \"hi\""]`. */
function partsOf(address: string): AddressParts {
  const modules = /^(?:module\.[^.[\]]+(?:\["(?:[^"\\]|\\.)*"\]|\[\d+\])?\.)*/.exec(address)?.[0] ?? '';
  const own = address.slice(modules.length);
  const key = /\[("(?:[^"\\]|\\.)*"|\d+)\]$/.exec(own);
  const words = own.slice(0, key?.index ?? own.length).split('.');
  const isData = words[0] === 'data' && words.length > 2;
  const [type = '', name = ''] = isData ? words.slice(1) : words;
  return {
    module: modules.replace(/\.$/, ''),
    mode: isData ? 'data' : 'managed',
    type,
    name,
    index: key?.[1] === undefined ? null : (JSON.parse(key[1]) as string | number),
  };
}

type Marks = true | { [key: string]: Marks } | Marks[];

/** `network[0].ip` → `{ network: [{ ip: true }] }` */
function toMarks(paths: readonly string[]): Marks {
  let root: Marks = Object.create(null) as { [key: string]: Marks };
  for (const path of paths) {
    const steps = [...path.matchAll(/\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|([^.[\]]+)/g)].map(([, index, quoted, plain]) =>
      index === undefined ? (quoted ?? plain ?? '') : Number(index),
    );
    root = mark(root, steps);
  }
  return root;
}

function mark(marks: Marks | undefined, [step, ...rest]: readonly (string | number)[]): Marks {
  if (step === undefined || marks === true) return true;
  if (typeof step === 'number') {
    const list = Array.isArray(marks) ? [...marks] : [];
    // Terraform pads a list of marks with empty objects.
    while (list.length < step) list.push({});
    list[step] = mark(list[step], rest);
    return list;
  }
  const map: { [key: string]: Marks } = Array.isArray(marks) || marks === undefined ? {} : { ...marks };
  const inner = mark(Object.hasOwn(map, step) ? map[step] : undefined, rest);
  Object.defineProperty(map, step, { value: inner, enumerable: true, configurable: true, writable: true });
  return map;
}
