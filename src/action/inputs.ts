// The action's inputs: every one read here, once, from an environment that is passed in. Everything wrong is told at once.
import { PHASES, type Phase } from '../contracts/relay-api.ts';
import { isLoopback } from '../hcp/hosts.ts';

/** Exactly the inputs of action.yml; a test compares the two. */
export const INPUT_NAMES = [
  'relay-url',
  'seal-key',
  'relay-key',
  'hcp-hosts',
  'hcp-token',
  'plan-file',
  'workspace',
  'phase',
  'checks-file',
  'results-files',
  'github-token',
  'comment',
  'commit-status',
  'annotations',
  'fail-job',
  'raw-plan',
] as const;
type InputName = (typeof INPUT_NAMES)[number];

export type TransportInputs =
  | { readonly kind: 'relay'; readonly relayUrl: string }
  | { readonly kind: 'sealed'; readonly sealKey: string; readonly relayKey: string; readonly hcpHosts: readonly string[] };

const COMMENTS = ['combined', 'per-workspace', 'none'] as const;

export interface Inputs {
  readonly phase: Phase;
  readonly checksFile: string;
  /** Globs, relative to the workspace, of reports that earlier steps wrote; each becomes a check. */
  readonly resultsFiles: readonly string[];
  /** Asks HCP Terraform for what a run task does not carry. null: not given. */
  readonly hcpToken: string | null;
  /** Hosts, lower case, that a token of HCP Terraform may be sent to. */
  readonly hcpHosts: readonly string[];
  /** Empty: no comment and no status can be written. */
  readonly githubToken: string;
  readonly comment: (typeof COMMENTS)[number];
  readonly commitStatus: boolean;
  readonly annotations: 'log' | 'check-run' | 'none';
  readonly failJob: 'never' | 'on-failed';
  readonly rawPlan: boolean;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** What is usable and everything that is not. With a transport, the problems can be told to HCP Terraform as a verdict. */
export interface InputsReading {
  readonly transport: TransportInputs | null;
  /** In place of a transport: no run task, a plan of the job's own. `workspace` is the name to show; null: not given. */
  readonly planFile: { readonly path: string; readonly workspace: string | null } | null;
  readonly inputs: Inputs;
  /** One sentence for each mistake, with the input's name and the remedy. Empty: all is well. */
  readonly problems: readonly string[];
}

export function readInputs(env: Environment): InputsReading {
  const problems: string[] = [];
  // The runner's own form: INPUT_, upper case, spaces to underscores, dashes kept.
  const get = (name: InputName): string => (env[`INPUT_${name.toUpperCase()}`] ?? '').trim();
  const choose = <T extends string>(name: InputName, values: readonly T[], fallback: T): T => {
    const text = get(name) === '' ? fallback : get(name);
    const found = values.find((value) => value === text);
    if (found === undefined) problems.push(`input ${name}: use one of ${values.join(', ')}. Found: "${text.slice(0, 40)}"`);
    return found ?? fallback;
  };

  const hcpHosts = (get('hcp-hosts') || 'app.terraform.io')
    .split(/[\s,]+/)
    .filter((host) => host !== '')
    .map((host) => host.toLowerCase());
  const planFile = get('plan-file') === '' ? null : { path: get('plan-file'), workspace: get('workspace') || null };
  const transport = planFile === null ? readTransport(get, hcpHosts, problems) : null;
  const inputs: Inputs = {
    phase: choose('phase', PHASES, 'all'),
    resultsFiles: readResultsFiles(get('results-files'), problems),
    hcpToken: get('hcp-token') || null,
    hcpHosts,
    checksFile: get('checks-file') || '.runtask/checks.yml',
    githubToken: get('github-token'),
    comment: readComment(choose('comment', COMMENTS, transport?.kind === 'relay' ? 'combined' : 'per-workspace'), transport, problems),
    commitStatus: choose('commit-status', ['true', 'false'], 'true') === 'true',
    annotations: choose('annotations', ['log', 'check-run', 'none'], 'log'),
    failJob: choose('fail-job', ['never', 'on-failed'], planFile === null ? 'never' : 'on-failed'),
    rawPlan: choose('raw-plan', ['true', 'false'], 'false') === 'true',
  };
  // Left unread they would be a gate that passes by mistake.
  if (inputs.phase === 'begin' && inputs.resultsFiles.length > 0)
    problems.push('input results-files: the step with `phase: finish` reads reports; move it there');
  if (planFile !== null) problems.push(...planFileProblems(get, inputs));
  else if (get('workspace') !== '') problems.push('input workspace: names a plan-file; a run task brings its own workspace. Remove it');
  return { transport, planFile, inputs, problems };
}

/** What would be left unread beside a plan of the job's own: whoever wrote it expects something else to happen. */
function planFileProblems(get: (name: InputName) => string, { phase, comment }: Inputs): string[] {
  const others = (['relay-url', 'seal-key', 'relay-key', 'hcp-token'] as const).filter((name) => get(name) !== '');
  return [
    ...(others.length > 0 ? [`inputs plan-file and ${others.join(', ')}: a job judges its own plan or answers a run task, not both`] : []),
    ...(phase === 'all' ? [] : ['input phase: a plan-file has no phases; earlier steps can use the file as it is']),
    ...(comment === 'combined'
      ? ['input comment: combined needs a relay session, and a plan-file has none. Leave it out, or set per-workspace or none']
      : []),
  ];
}

function readComment(comment: Inputs['comment'], transport: TransportInputs | null, problems: string[]): Inputs['comment'] {
  if (comment !== 'combined' || transport?.kind !== 'sealed') return comment;
  problems.push(
    'input comment: combined needs a relay session. With the sealed transport nobody keeps what the other workspaces said, and two jobs would overwrite ' +
      'each other. Leave it out, or set per-workspace or none',
  );
  return 'per-workspace';
}

function readResultsFiles(text: string, problems: string[]): string[] {
  const globs = [...new Set(text.split(/\r?\n/).map((line) => line.trim()))].filter((line) => line !== '');
  const outside = globs.find((glob) => glob.startsWith('/') || glob.includes('\\') || glob.split('/').includes('..'));
  if (outside !== undefined)
    problems.push(
      `input results-files: "${outside.slice(0, 100)}" is not a path inside the workspace. Write globs such as reports/*.sarif, one a line`,
    );
  return outside === undefined ? globs : [];
}

function readTransport(get: (name: InputName) => string, hcpHosts: readonly string[], problems: string[]): TransportInputs | null {
  const [relayUrl, sealKey, relayKey] = [get('relay-url'), get('seal-key'), get('relay-key')];
  if (relayUrl !== '' && (sealKey !== '' || relayKey !== '')) {
    problems.push('inputs relay-url and seal-key: set the one of your transport, not both');
    return null;
  }
  if (relayUrl !== '') return readRelayUrl(relayUrl, problems);
  if (sealKey !== '' && relayKey !== '') return { kind: 'sealed', sealKey, relayKey, hcpHosts };
  const half = sealKey !== '' ? 'relay-key' : relayKey !== '' ? 'seal-key' : null;
  problems.push(
    half === null
      ? 'input relay-url: not set. Write `relay-url: ${{ vars.RUNTASK_RELAY_URL }}` and set that variable, or use seal-key and relay-key for the sealed transport'
      : `input ${half}: the sealed transport needs seal-key and relay-key`,
  );
  return null;
}

function readRelayUrl(text: string, problems: string[]): TransportInputs | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  // The OIDC token and everything that HCP knows of the run would go over the wire in clear.
  const safe = url !== null && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)));
  if (!safe || url.username !== '' || url.search !== '' || url.hash !== '') {
    problems.push('input relay-url: write an https URL without credentials, query or fragment, such as https://relay.example.com');
    return null;
  }
  return { kind: 'relay', relayUrl: text.replace(/\/+$/, '') };
}
