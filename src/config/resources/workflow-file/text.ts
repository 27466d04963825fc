// The workflow that answers run tasks, as a text: made from what is configured, and read back from a file. Pure.
import { parse } from 'yaml';

/** What a workflow file says of itself. */
export interface WorkflowWords {
  /** `org/runtask-action@v1` */
  readonly action: string;
  /** Of a hash, which version it is: `v1.2.3`. */
  readonly versionComment: string | null;
  /** `actions/checkout@v6` */
  readonly checkout: string;
  /** null: the repository variable RUNTASK_RELAY_URL. */
  readonly relayUrl: string | null;
  /** Of the action, beside `relay-url`. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly runsOn: string;
  readonly eventType: string;
}

/** How a file of ours is known. The rest of the line is for people. */
const MARK = '# Managed by runtask config';
const HEADER = `${MARK}: change its configuration and run \`runtask config apply\`. What is changed here is undone by it.`;

export const isMarked = (text: string): boolean => text.startsWith(MARK);

export const DEFAULTS = { checkout: 'actions/checkout@v6', runsOn: 'ubuntu-latest', eventType: 'hcp-terraform-run-task' } as const;
const RELAY_VARIABLE = '${{ vars.RUNTASK_RELAY_URL }}';

/** docs/action.md explains each line. */
export function renderWorkflow(words: WorkflowWords): string {
  const { action, versionComment, checkout, inputs, runsOn, eventType } = words;
  // With the key of the sealed transport there is no relay to ask.
  const relay = Object.hasOwn(inputs, 'seal-key') ? [] : [['relay-url', words.relayUrl ?? RELAY_VARIABLE] as const];
  const given = [...relay, ...Object.entries(inputs).sort(([a], [b]) => (a < b ? -1 : 1))];
  const checks = inputs['annotations'] === 'check-run' ? ', checks: write' : '';
  return `${HEADER}
name: HCP Terraform run task
run-name: "\${{ github.event.client_payload.task.workspace }} · \${{ github.event.client_payload.task.stage }}"
on: { repository_dispatch: { types: [${plainOrQuoted(eventType)}] } }
permissions: { contents: read, pull-requests: write, statuses: write, id-token: write${checks} }
jobs:
  check:
    runs-on: ${plainOrQuoted(runsOn)}
    timeout-minutes: 15
    steps:
      - uses: ${checkout}
        with: { persist-credentials: false }
      - uses: ${action}${versionComment === null ? '' : ` # ${versionComment}`}
        with:
${given.map(([name, value]) => `          ${name}: ${quoted(value)}\n`).join('')}`;
}

/** JSON's strings are YAML's (YAML 1.2.2, section 5.7), but for what some readers take for a line end. */
const quoted = (text: string): string =>
  JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029\ufeff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
const plainOrQuoted = (text: string): string =>
  /^[A-Za-z][A-Za-z0-9-]*(?:\.[0-9]+)?$/.test(text) && !WORD.test(text) ? text : quoted(text);
/** What YAML takes for something else. */
const WORD = /^(?:true|false|yes|no|on|off|null|y|n)$/i;

/** @returns what can be told of any workflow file: null where it says nothing of the kind */
export function readWorkflowWords(text: string): { readonly [K in keyof WorkflowWords]: WorkflowWords[K] | null } {
  const file = parseQuietly(text);
  const job = at(file, 'jobs', 'check');
  const steps = at(job, 'steps');
  const uses = Array.isArray(steps) ? (steps as unknown[]).filter((step) => typeof at(step, 'uses') === 'string') : [];
  // Ours is the last step; a file that somebody else wrote may have others behind it, and then this says what stands there.
  const last = uses.at(-1);
  const action = textAt(last, 'uses');
  const types = at(file, 'on', 'repository_dispatch', 'types');
  const given = at(last, 'with');
  const inputs = Object.entries(typeof given === 'object' && given !== null ? given : {})
    .filter(([name]) => name !== 'relay-url')
    .map(([name, value]) => [name, scalarText(value)] as const);
  const relay = textAt(last, 'with', 'relay-url');
  return {
    action,
    versionComment: action === null ? null : commentBehind(text, action),
    checkout: uses.length < 2 ? null : textAt(uses[0], 'uses'),
    relayUrl: relay === RELAY_VARIABLE ? null : relay,
    inputs: last === undefined ? null : Object.fromEntries(inputs),
    runsOn: textAt(job, 'runs-on'),
    eventType: Array.isArray(types) && types.length === 1 && typeof types[0] === 'string' ? types[0] : null,
  };
}

function parseQuietly(text: string): unknown {
  try {
    return parse(text, { logLevel: 'silent' }) as unknown;
  } catch {
    return null; // no YAML: nothing can be told of it, and the plan shows the whole text
  }
}

const at = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key) ? (inner as Record<string, unknown>)[key] : null,
    value,
  );
const textAt = (value: unknown, ...path: readonly string[]): string | null => {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : null;
};
const scalarText = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

function commentBehind(text: string, action: string): string | null {
  const line = text.split('\n').find((one) => one.includes(`uses: ${action} #`));
  return line?.slice(line.indexOf(`uses: ${action} #`) + `uses: ${action} #`.length).trim() ?? null;
}
