// What people copy out of our documents and examples must work: each marked YAML block is held against the real schema.
// A block is marked by its first line: `# relay.yml`, `# .runtask/checks.yml` or `# .github/workflows/<name>.yml`.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseDocument } from 'yaml';
import type * as z from 'zod';
import { readChecksFile } from '../../src/checks/checks-file.ts';
import { formatDiagnostic } from '../../src/base/diagnostics.ts';
import { DEFAULT_EVENT_TYPE } from '../../src/contracts/client-payload.ts';
import { relayConfigSchema } from '../../src/contracts/relay-config.ts';
import { listFiles, read, ROOT } from './source-files.ts';

interface Workflow {
  readonly on?: { readonly repository_dispatch?: { readonly types?: readonly string[] } };
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs?: Readonly<Record<string, { readonly 'steps'?: readonly Step[]; readonly 'timeout-minutes'?: number }>>;
}
interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

const ACTION_INPUTS = existsSync(`${ROOT}/action.yml`)
  ? Object.keys((parseDocument(read('action.yml')).toJS() as { inputs?: object }).inputs ?? {})
  : [];

/** What is wrong with a block; empty when nothing is. Unmarked YAML must parse, no more. */
function problemsOf(text: string): string[] {
  const document = parseDocument(text, { uniqueKeys: true });
  if (document.errors.length > 0) return document.errors.map(({ message }) => message);
  const value: unknown = document.toJS();
  const mark = text.split('\n', 1)[0] ?? '';
  if (mark.startsWith('# relay.yml')) return issuesOf(relayConfigSchema, value);
  if (mark.startsWith('# .runtask/checks.yml')) return checksFileProblems(text);
  if (mark.startsWith('# .github/workflows/')) return workflowProblems(value as Workflow, text);
  return [];
}

/** As the action reads it: expressions are compiled too. */
function checksFileProblems(text: string): string[] {
  const read = readChecksFile(text, 'checks.yml');
  return read.ok ? [] : read.error.map(formatDiagnostic);
}

const issuesOf = (schema: z.ZodType, value: unknown): string[] =>
  (schema.safeParse(value).error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);

function workflowProblems(workflow: Workflow, text: string): string[] {
  const problems: string[] = [];
  const jobs = Object.values(workflow.jobs ?? {});
  const steps = jobs.flatMap((job) => job.steps ?? []);
  if (steps.length === 0) problems.push('has no step');
  if (workflow.permissions === undefined) problems.push('says no permissions: the default may be everything');
  if (steps.some(({ run }) => run?.includes('github.event.client_payload'))) problems.push('pastes the payload into a shell');
  const ours = steps.filter(({ uses }) => uses?.startsWith('org/runtask-action@') || uses === './');
  if (ours.length === 0) return problems;
  if (workflow.on?.repository_dispatch !== undefined && !workflow.on.repository_dispatch.types?.includes(DEFAULT_EVENT_TYPE))
    problems.push(`does not listen to ${DEFAULT_EVENT_TYPE}`);
  if (text.includes('relay-url') && workflow.permissions?.['id-token'] !== 'write') problems.push('cannot claim without id-token: write');
  if (jobs.some((job) => job['timeout-minutes'] === undefined))
    problems.push('has a job without timeout-minutes: six hours is the default');
  for (const name of ours.flatMap((step) => Object.keys(step.with ?? {})))
    if (ACTION_INPUTS.length > 0 && !ACTION_INPUTS.includes(name)) problems.push(`sets an input that action.yml does not have: ${name}`);
  return problems;
}

const documents = [
  ...listFiles('docs', ['.md']),
  ...listFiles('examples', ['.md']),
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md'].filter((file) => existsSync(`${ROOT}/${file}`)),
];
const blocks = documents.flatMap((file) =>
  [...read(file).matchAll(/^```ya?ml\n([\s\S]*?)^```/gm)].map(([, text = ''], index): [string, string] => [`${file} #${index + 1}`, text]),
);
const files = [...listFiles('examples', ['.yml', '.yaml']), ...listFiles('.github', ['.yml'])].map((file): [string, string] => [
  file,
  read(file),
]);

describe('YAML that people copy', () => {
  it.each([...files, ...blocks])('%s holds', (_name, text) => expect(problemsOf(text)).toEqual([]));

  it('finds the examples', () => expect(files.length).toBeGreaterThanOrEqual(5));

  it.each([
    ['# relay.yml\npublic_url: https://x.example\n', 'encryption_key'],
    ['# .runtask/checks.yml\nversion: 1\nchecks: [{ name: a, protekt: { types: [x] } }]\n', 'protekt'],
    ['a: 1\na: 2\n', 'unique'],
    ['# .github/workflows/x.yml\njobs: { a: { steps: [{ run: "echo ${{ github.event.client_payload.task.run }}" }] } }\n', 'shell'],
    [
      '# .github/workflows/x.yml\non: { repository_dispatch: { types: [x] } }\npermissions: {}\njobs: { a: { steps: [{ uses: org/runtask-action@v1, with: { relay-url: x } }] } }\n',
      'id-token',
    ],
  ])('would notice %j', (text, expected) => expect(problemsOf(text).join('\n')).toContain(expected));
});

describe('links between documents', () => {
  it.each(documents)('%s links to files that exist', (file) => {
    const prose = read(file).replaceAll(/```[\s\S]*?```/g, '');
    const targets = [...prose.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, target = '']) =>
      decodeURIComponent(target),
    );
    expect(targets.filter((target) => !existsSync(path.join(ROOT, path.dirname(file), target)))).toEqual([]);
  });
});
