// What people copy out of our documents and examples must work: each marked YAML block is held against the real schema.
// A block is marked by its first line: `# relay.yml`, `# .runtask/checks.yml`, `# .runtask/config.yml`, `# .runtask/tests/<name>.yml` or
// `# .github/workflows/<name>.yml`.
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseDocument } from 'yaml';
import { readChecksFile } from '../../src/checks/checks-file.ts';
import { formatDiagnostic } from '../../src/base/diagnostics.ts';
import { DEFAULT_EVENT_TYPE } from '../../src/contracts/client-payload.ts';
import { checksTestsFileSchema } from '../../src/contracts/checks-tests.ts';
import { readShape } from '../../src/documents/shape.ts';
import { readYaml } from '../../src/documents/read-yaml.ts';
import { readConfig } from '../../src/config/driver-yaml/read/read-config.ts';
import { RESOURCES } from '../../src/config/resources/index.ts';
import { readRelayConfig } from '../../src/relay/config/read-relay-config.ts';
import { createRelayKey, createSealKey } from '../../src/sealed/keys.ts';
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
  if (mark.startsWith('# relay.yml')) return relayConfigProblems(text);
  if (mark.startsWith('# .runtask/checks.yml')) return checksFileProblems(text);
  if (mark.startsWith('# .runtask/config.yml')) return configFileProblems(text);
  if (mark.startsWith('# .runtask/tests/')) return testsFileProblems(text);
  if (mark.startsWith('# .github/workflows/')) return workflowProblems(value as Workflow, text);
  return unknownInputs(stepsIn(value));
}

/** As the action reads it: expressions are compiled too. */
function checksFileProblems(text: string): string[] {
  const read = readChecksFile(text, 'checks.yml');
  return read.ok ? [] : read.error.map(formatDiagnostic);
}

/** As the config tool reads it, with good secrets at every place that the file names. */
function configFileProblems(text: string): string[] {
  const some = 'a5'.repeat(32);
  const env = Object.fromEntries([...text.matchAll(/env: ([A-Z_]+)/g)].map(([, name = '']) => [name, some]));
  const config = readConfig(text, { file: 'config.yml', env, readFile: () => some }, RESOURCES);
  return config.ok ? [] : config.error.map(formatDiagnostic);
}

function testsFileProblems(text: string): string[] {
  const yaml = readYaml(text, { file: 'tests.yml', called: 'The test file', mayQuote: true });
  const shape = yaml.ok ? readShape(yaml.value, checksTestsFileSchema) : yaml;
  return shape.ok ? [] : shape.error.map(formatDiagnostic);
}

const SECRETS: Readonly<Record<string, string>> = {
  'github-app.pem': String(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' })),
  'relay-signing-key.json': JSON.stringify((await createRelayKey()).privateJwk),
  'seal-public-key.json': JSON.stringify((await createSealKey()).publicJwk),
};

/** As the relay reads it, with good secrets at every place that the file names. */
function relayConfigProblems(text: string): string[] {
  const some = 'a5'.repeat(32);
  const env = Object.fromEntries([...text.matchAll(/env: ([A-Z_]+)/g)].map(([, name = '']) => [name, some]));
  const config = readRelayConfig(text, { file: 'relay.yml', env, readFile: (file) => SECRETS[path.basename(file)] ?? some });
  return config.ok ? [] : config.error.map(formatDiagnostic);
}

function workflowProblems(workflow: Workflow, text: string): string[] {
  const problems: string[] = [];
  const jobs = Object.values(workflow.jobs ?? {});
  const steps = jobs.flatMap((job) => job.steps ?? []);
  if (steps.length === 0) problems.push('has no step');
  if (workflow.permissions === undefined) problems.push('says no permissions: the default may be everything');
  if (steps.some(({ run }) => run?.includes('github.event.client_payload'))) problems.push('pastes the payload into a shell');
  const ours = steps.filter(isOurs);
  if (ours.length === 0) return problems;
  if (workflow.on?.repository_dispatch !== undefined && !workflow.on.repository_dispatch.types?.includes(DEFAULT_EVENT_TYPE))
    problems.push(`does not listen to ${DEFAULT_EVENT_TYPE}`);
  if (text.includes('relay-url') && workflow.permissions?.['id-token'] !== 'write') problems.push('cannot claim without id-token: write');
  if (jobs.some((job) => job['timeout-minutes'] === undefined))
    problems.push('has a job without timeout-minutes: six hours is the default');
  return [...problems, ...unknownInputs(ours)];
}

const isOurs = ({ uses }: Step): boolean => uses?.startsWith('org/runtask-action@') === true || uses === './';

const unknownInputs = (steps: readonly Step[]): string[] =>
  steps
    .filter(isOurs)
    .flatMap((step) => Object.keys(step.with ?? {}))
    .filter((name) => ACTION_INPUTS.length > 0 && !ACTION_INPUTS.includes(name))
    .map((name) => `sets an input that action.yml does not have: ${name}`);

/** Also of a part of a workflow, which a page may show. */
function stepsIn(value: unknown): Step[] {
  if (typeof value !== 'object' || value === null) return [];
  return [...('uses' in value ? [value as Step] : []), ...Object.values(value).flatMap(stepsIn)];
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
    ['# .runtask/config.yml\nversion: 1\nhcp: { organization: acme, tokn: { env: TFE_TOKEN } }\n', 'tokn'],
    ['# .runtask/tests/a.yml\nversion: 1\ntests: [{ name: a, changes: [], expcet: { verdict: passed } }]\n', 'expcet'],
    ['a: 1\na: 2\n', 'unique'],
    ['    steps:\n      - uses: org/runtask-action@v1\n        with: { relay: https://x.example }\n', 'action.yml does not have: relay'],
    ['# .github/workflows/x.yml\njobs: { a: { steps: [{ run: "echo ${{ github.event.client_payload.task.run }}" }] } }\n', 'shell'],
    [
      '# .github/workflows/x.yml\non: { repository_dispatch: { types: [x] } }\npermissions: {}\njobs: { a: { steps: [{ uses: org/runtask-action@v1, with: { relay-url: x } }] } }\n',
      'id-token',
    ],
  ])('would notice %j', (text, expected) => expect(problemsOf(text).join('\n')).toContain(expected));
});

/** As GitHub makes anchors of them: small letters, no punctuation, `-` for a space. */
const headingsOf = (text: string): string[] =>
  [...text.replaceAll(/```[\s\S]*?```/g, '').matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\- _]/gu, '')
      .replaceAll(' ', '-'),
  );

describe('links between documents', () => {
  it.each(documents)('%s links to files that exist', (file) => {
    const prose = read(file).replaceAll(/```[\s\S]*?```/g, '');
    const targets = [...prose.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, target = '']) =>
      decodeURIComponent(target),
    );
    expect(targets.filter((target) => !existsSync(path.join(ROOT, path.dirname(file), target)))).toEqual([]);
  });

  it.each(documents)('%s links to headings that exist', (file) => {
    const prose = read(file).replaceAll(/```[\s\S]*?```/g, '');
    const links = [...prose.matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)#([^)\s]+)\)/g)];
    const dead = links.filter(([, target = '', anchor = '']) => {
      const page = target === '' ? file : path.join(path.dirname(file), target);
      return page.endsWith('.md') && !headingsOf(read(page)).includes(anchor);
    });
    expect(dead.map(([link]) => link)).toEqual([]);
  });
});

describe('commands that people copy', () => {
  const commands = new Map<string, Set<string>>();
  for (const file of documents)
    for (const [, block = ''] of read(file).matchAll(/^```(?:bash|sh)\n([\s\S]*?)^```/gm))
      for (const [, command = '', rest = ''] of block.matchAll(
        /\b(?:npx runtask-action|runtask) ((?:deliveries|config) [a-z]+|[a-z]+)([^\n&|;#]*)/g,
      )) {
        const options = commands.get(command) ?? new Set();
        for (const [option] of rest.matchAll(/--[a-z-]+/g)) options.add(option);
        commands.set(command, options);
      }

  it.each([...commands].map(([command, options]): [string, string[]] => [command, [...options]]))(
    'runtask %s knows %j',
    (command, options) => {
      const child = spawnSync(process.execPath, [path.join(ROOT, 'src/cli/index.ts'), ...command.split(' '), '--help'], {
        encoding: 'utf8',
        timeout: 20_000,
      });
      expect(child.status).toBe(0);
      expect(child.stdout).toContain(`Usage: runtask ${command}`);
      expect(options.filter((option) => !child.stdout.includes(option))).toEqual([]);
    },
  );
});
