// A workflow file as far as this runner plays it. What GitHub knows and this runner does not is refused by name, never ignored:
// a test must not pass because half of its workflow was skipped. Pure.
import { parse } from 'yaml';
import * as z from 'zod';
import type { Level, Permissions } from '../model.ts';
import { messageOf } from '../thrown.ts';

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const scalars = z.record(z.string(), scalar.nullable());
const permissions = z.union([z.literal('read-all'), z.literal('write-all'), z.record(z.string(), z.enum(['read', 'write', 'none']))]);
const defaults = z.strictObject({
  run: z.strictObject({ 'shell': z.enum(['bash', 'sh']).optional(), 'working-directory': z.string().optional() }),
});
const concurrency = z.union([
  z.string().transform((group) => ({ 'group': group, 'cancel-in-progress': false, 'queue': 'single' as const })),
  z.strictObject({
    'group': z.string(),
    'cancel-in-progress': scalar.default(false),
    // docs.github.com, "Concurrency", read 2026-11-22; not on GitHub Enterprise Server.
    'queue': z.enum(['single', 'max']).default('single'),
  }),
]);

const stepSchema = z
  .strictObject({
    'id': z.string().optional(),
    'name': z.string().optional(),
    'if': scalar.optional(),
    'uses': z.string().optional(),
    'run': z.string().optional(),
    'with': scalars.nullish(),
    'env': scalars.nullish(),
    'shell': z.enum(['bash', 'sh']).optional(),
    'working-directory': z.string().optional(),
    'continue-on-error': scalar.optional(),
    'timeout-minutes': scalar.optional(),
  })
  .refine((step) => (step.uses === undefined) !== (step.run === undefined), 'A step has either `uses` or `run`');

const jobSchema = z.strictObject({
  'name': z.string().optional(),
  'runs-on': z.unknown(),
  'needs': z.union([z.string(), z.array(z.string())]).optional(),
  'if': scalar.optional(),
  'permissions': permissions.nullish(),
  'environment': z.union([z.string(), z.looseObject({ name: z.string() })]).optional(),
  'env': scalars.nullish(),
  'outputs': scalars.nullish(),
  'timeout-minutes': scalar.optional(),
  'continue-on-error': scalar.optional(),
  'defaults': defaults.optional(),
  'steps': z.array(stepSchema).min(1),
});

const workflowSchema = z.strictObject({
  'name': z.string().optional(),
  'run-name': z.string().optional(),
  'on': z.unknown(),
  'permissions': permissions.nullish(),
  'env': scalars.nullish(),
  'concurrency': concurrency.optional(),
  'defaults': defaults.optional(),
  'jobs': z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_-]*$/), jobSchema),
});

export type Step = z.output<typeof stepSchema>;
export type Job = z.output<typeof jobSchema>;
export type Workflow = z.output<typeof workflowSchema>;
export type Scalars = z.output<typeof scalars>;

export interface Triggers {
  /** null: the workflow does not listen; empty: to every type. */
  readonly repositoryDispatch: readonly string[] | null;
  readonly workflowDispatch: boolean;
}

export interface WorkflowFile {
  readonly path: string;
  readonly name: string;
  readonly triggers: Triggers;
  /** null when the file cannot be played; `problems` says why. */
  readonly workflow: Workflow | null;
  readonly problems: readonly string[];
}

const NOTHING: Triggers = { repositoryDispatch: null, workflowDispatch: false };

export function readWorkflow(path: string, text: string): WorkflowFile {
  const broken = (problems: string[], triggers = NOTHING, name = path): WorkflowFile => ({
    path,
    name,
    triggers,
    workflow: null,
    problems,
  });
  let document: unknown;
  try {
    document = parse(text);
  } catch (thrown) {
    return broken([messageOf(thrown)]);
  }
  if (typeof document !== 'object' || document === null) return broken(['The file is not a mapping']);
  const on = 'on' in document ? readTriggers(document.on) : { problem: '`on` is missing' };
  if ('problem' in on) return broken([on.problem]);
  const name = 'name' in document && typeof document.name === 'string' ? document.name : path;
  const read = workflowSchema.safeParse(document);
  if (!read.success)
    return broken(
      read.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`),
      on,
      name,
    );
  return { path, name, triggers: on, workflow: read.data, problems: [] };
}

// `types` is a sequence of strings; a wrong key (`type`) is not told by GitHub and matches everything (peter-evans/repository-dispatch#65).
const dispatchSchema = z.looseObject({ types: z.array(z.string().min(1)).nullish() }).nullable();

function readTriggers(on: unknown): Triggers | { readonly problem: string } {
  if (typeof on === 'string') return readTriggers([on]);
  if (Array.isArray(on)) {
    return { repositoryDispatch: on.includes('repository_dispatch') ? [] : null, workflowDispatch: on.includes('workflow_dispatch') };
  }
  if (typeof on !== 'object' || on === null) return { problem: '`on` is neither a name, a sequence nor a mapping' };
  const workflowDispatch = 'workflow_dispatch' in on;
  if (!('repository_dispatch' in on)) return { repositoryDispatch: null, workflowDispatch };
  const read = dispatchSchema.safeParse(on.repository_dispatch);
  if (!read.success) return { problem: 'on.repository_dispatch.types: a sequence of strings was expected' };
  return { repositoryDispatch: read.data?.types ?? [], workflowDispatch };
}

const ALL = [
  'actions',
  'attestations',
  'checks',
  'contents',
  'deployments',
  'issues',
  'packages',
  'pages',
  'pull_requests',
  'security_events',
  'statuses',
];

/**
 * What `GITHUB_TOKEN` may do. Listing any permission sets the others to none
 * (docs.github.com, "Workflow syntax", `permissions`, read 2026-11-22); listing none gives the restricted default.
 */
export function tokenPermissions(declared: Workflow['permissions']): { readonly token: Permissions; readonly idToken: boolean } {
  const every = (level: Level): Permissions =>
    Object.fromEntries(['metadata', ...ALL].map((name) => [name, name === 'metadata' ? 'read' : level]));
  if (declared === undefined || declared === null)
    return { token: { metadata: 'read', contents: 'read', packages: 'read' }, idToken: false };
  if (declared === 'read-all') return { token: every('read'), idToken: false };
  if (declared === 'write-all') return { token: every('write'), idToken: true };
  const granted = Object.entries(declared).filter(([name, level]) => level !== 'none' && name !== 'id-token');
  const token = Object.fromEntries(
    granted.map(([name, level]) => [name.replaceAll('-', '_'), level === 'write' ? 'write' : 'read'] as const),
  );
  return { token: { metadata: 'read', ...token }, idToken: declared['id-token'] === 'write' };
}

export const needsOf = (job: Job | undefined): readonly string[] => (typeof job?.needs === 'string' ? [job.needs] : (job?.needs ?? []));

/** Jobs that need one that is not there, or each other. */
export function brokenNeeds(workflow: Workflow): string[] {
  const problems: string[] = [];
  const visit = (key: string, path: readonly string[]): void => {
    const job = workflow.jobs[key];
    if (job === undefined) problems.push(`jobs.${path.at(-1) ?? ''}.needs: there is no job ${key}`);
    else if (path.includes(key)) problems.push(`jobs.${key}.needs: the jobs wait for each other`);
    else for (const need of needsOf(job)) visit(need, [...path, key]);
  };
  for (const key of Object.keys(workflow.jobs)) visit(key, []);
  return problems;
}
