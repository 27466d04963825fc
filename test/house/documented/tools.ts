// Stands in for the tools that our documents start: takes their command lines, and no others, and writes what it found in their formats.
// Each knows one rule: nothing is public. Written after the tools' documentation of autumn 2026; nothing of theirs is in here.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';

interface Resource {
  readonly address: string;
  readonly type: string;
  readonly values: Readonly<Record<string, unknown>>;
}

type Tool = (args: string[]) => number;

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

/** @throws on an option that the tool does not have */
function take(args: string[], options: NonNullable<ParseArgsConfig['options']>, words: readonly string[] = []) {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true, strict: true });
  const [begin, rest] = [positionals.slice(0, words.length), positionals.slice(words.length)];
  if (begin.join(' ') !== words.join(' ')) throw new Error(`unknown command ${begin.join(' ')}`);
  return { values: values as Readonly<Record<string, string>>, rest };
}

/** What will exist; the stand-ins judge nothing else. */
function readResources(file = ''): Resource[] {
  const { resource_changes: changes } = JSON.parse(readFileSync(file, 'utf8')) as {
    resource_changes: { address: string; type: string; change: { after: Resource['values'] | null } }[];
  };
  return changes.flatMap(({ address, type, change: { after } }) => (after === null ? [] : [{ address, type, values: after }]));
}

const isBucket = ({ type }: Resource): boolean => type.startsWith('aws_s3_bucket');
const isPublic = ({ values }: Resource): boolean => String(values['acl']).startsWith('public-');
const isVersioned = ({ values }: Resource): boolean => values['versioning'] !== false;

/** Lines of a configuration that make something public. */
const readLines = (folder = ''): { file: string; line: number }[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.tf'))
    .flatMap((file) =>
      readFileSync(join(folder, file), 'utf8')
        .split('\n')
        .flatMap((line, index) => (line.includes('public-read') ? [{ file: join(folder, file), line: index + 1 }] : [])),
    );

const print = (value: unknown): void => void process.stdout.write(JSON.stringify(value));

const toSarif = (name: string, rule: object & { id: string }, results: readonly object[]): object => ({
  version: '2.1.0',
  $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
  runs: [{ tool: { driver: { name, rules: [rule] } }, results }],
});
const toResult = (ruleId: string, message: string, uri: string, startLine: number): object => ({
  ruleId,
  level: 'error',
  message: { text: message },
  locations: [{ physicalLocation: { artifactLocation: { uri }, region: { startLine } } }],
});
const toLineResults = (rule: string, lines: ReturnType<typeof readLines>): object[] =>
  lines.map(({ file, line }) => toResult(rule, 'Everybody can read this bucket', file, line));

function checkov(args: string[]): number {
  const options = {
    'file': { ...text, short: 'f' },
    'output': { ...text, short: 'o' },
    'compact': flag,
    'quiet': flag,
    'skip-download': flag,
  };
  const { values } = take(args, options);
  const buckets = readResources(values['file']).filter(isBucket);
  const rules = [
    { id: 'CKV_AWS_20', name: 'Everybody can read this bucket', key: 'acl', severity: 'HIGH', isBroken: isPublic },
    {
      id: 'CKV_AWS_21',
      name: 'The bucket keeps no versions',
      key: 'versioning',
      severity: 'LOW',
      isBroken: (one: Resource) => !isVersioned(one),
    },
  ];
  const asked = rules.flatMap((rule) => buckets.map((bucket) => ({ rule, bucket, isBroken: rule.isBroken(bucket) })));
  const broken = asked.filter(({ isBroken }) => isBroken);
  if (values['output'] === 'sarif')
    // Of a plan its SARIF names no resource, only the plan's file.
    print(
      toSarif(
        'Checkov',
        { id: 'CKV_AWS_20' },
        broken.map(({ rule }) => toResult(rule.id, rule.name, 'plan.json', 1)),
      ),
    );
  else if (buckets.length === 0)
    print({ passed: 0, failed: 0, skipped: 0, parsing_errors: 0, resource_count: 0, checkov_version: '3.2.0' });
  else
    print({
      check_type: 'terraform_plan',
      results: {
        passed_checks: asked.filter(({ isBroken }) => !isBroken).map(({ rule }) => ({ check_id: rule.id })),
        failed_checks: broken.map(({ rule, bucket }) => ({
          check_id: rule.id,
          check_name: rule.name,
          // Severities come from its service, for who has a key.
          severity: process.env['BC_API_KEY'] === undefined ? null : rule.severity,
          resource: bucket.address,
          resource_address: bucket.address,
          file_path: '/plan.json',
          file_line_range: [1, 2],
          check_result: { result: 'FAILED', evaluated_keys: [rule.key] },
        })),
        skipped_checks: [],
        parsing_errors: [],
      },
      summary: {
        passed: asked.length - broken.length,
        failed: broken.length,
        skipped: 0,
        parsing_errors: 0,
        resource_count: buckets.length,
      },
    });
  return broken.length > 0 ? 1 : 0;
}

function trivy(args: string[]): number {
  const { rest } = take(args, { format: text, quiet: flag }, ['config']);
  const broken = readResources(rest[0]).filter(isPublic);
  const rule = { id: 'AVD-AWS-0092', properties: { 'security-severity': '8.0', 'tags': ['misconfiguration', 'HIGH'] } };
  print(
    toSarif(
      'Trivy',
      rule,
      broken.map(() => toResult(rule.id, 'Everybody can read this bucket', 'plan.json', 1)),
    ),
  );
  return 0;
}

function conftest(args: string[]): number {
  const { values, rest } = take(args, { policy: text, output: text }, ['test']);
  if (!existsSync(values['policy'] ?? '')) throw new Error('no policies');
  const resources = readResources(rest[0]);
  const broken = resources.filter(isPublic);
  const failures = broken.map(({ address }) => ({ msg: 'Everybody can read this bucket', metadata: { address } }));
  print([{ filename: rest[0], namespace: 'main', successes: resources.length - broken.length, failures }]);
  return broken.length > 0 ? 1 : 0;
}

function semgrep(args: string[]): number {
  const flags = ['sarif', 'disable-nosem', 'no-git-ignore', 'x-ignore-semgrepignore-files'].map((name) => [name, flag] as const);
  const { values, rest } = take(args, { config: text, metrics: text, ...Object.fromEntries(flags) }, ['scan']);
  if (!existsSync(values['config'] ?? '')) throw new Error('no rules');
  print(toSarif('Semgrep OSS', { id: 'public-bucket' }, toLineResults('public-bucket', readLines(rest[0]))));
  return 0;
}

function tflint(args: string[]): number {
  const { values } = take(args, { chdir: text, config: text, format: text });
  if (!existsSync(values['config'] ?? '')) throw new Error('no configuration');
  const lines = readLines(values['chdir']);
  print(toSarif('tflint', { id: 'aws_s3_bucket_public' }, toLineResults('aws_s3_bucket_public', lines)));
  return lines.length > 0 ? 2 : 0;
}

function kics(args: string[]): number {
  const options = {
    'path': { ...text, short: 'p' },
    'config': text,
    'report-formats': text,
    'output-path': { ...text, short: 'o' },
    'output-name': text,
    'silent': flag,
  };
  const { values } = take(args, options, ['scan']);
  if (!existsSync(values['config'] ?? '')) throw new Error('no configuration');
  const lines = readLines(values['path']);
  const folder = values['output-path'] ?? '';
  mkdirSync(folder, { recursive: true });
  const report = toSarif('KICS', { id: 'public-bucket' }, toLineResults('public-bucket', lines));
  writeFileSync(join(folder, `${values['output-name']}.sarif`), JSON.stringify(report));
  return lines.length > 0 ? 50 : 0;
}

/** 600 a month for each instance. */
function infracost(args: string[]): number {
  if (process.env['INFRACOST_API_KEY'] === undefined) throw new Error('no key');
  const { values } = take(args, { 'path': text, 'format': text, 'out-file': text }, ['breakdown']);
  const instances = readResources(values['path']).filter(({ type }) => type === 'aws_instance');
  writeFileSync(values['out-file'] ?? '', JSON.stringify({ totalMonthlyCost: String(instances.length * 600) }));
  return 0;
}

/** The two questions that our documents ask of it. */
function jq([option, question, file = '']: string[]): number {
  const { totalMonthlyCost: total } = JSON.parse(readFileSync(file, 'utf8')) as { totalMonthlyCost: string };
  switch (`${option} ${question}`) {
    case '-e .totalMonthlyCost | tonumber <= 1000':
      return Number(total) <= 1000 ? 0 : 1;
    case '-r "Estimate: " + .totalMonthlyCost':
      process.stdout.write(`Estimate: ${total}\n`);
      return 0;
    default:
      throw new Error(`never asked: ${question}`);
  }
}

const TOOLS: Readonly<Record<string, Tool>> = { checkov, trivy, conftest, semgrep, tflint, kics, infracost, jq };
export const TOOL_NAMES = Object.keys(TOOLS);

/** The whole of a stand-in: prints and sets the exit code. */
export function runTool(name: string, args: string[]): void {
  try {
    process.exitCode = TOOLS[name]?.(args) ?? 127;
  } catch (thrown) {
    process.stderr.write(`${name}: ${thrown instanceof Error ? thrown.message : 'failed'}\n`);
    process.exitCode = 2;
  }
}
