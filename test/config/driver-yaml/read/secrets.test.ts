// A secret that somebody pastes into the config file, at whatever place, is not repeated in what they are told.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { formatDiagnostic } from '../../../../src/base/diagnostics.ts';
import { ENV, load, read, workspace } from './support.ts';

const DOCUMENT = {
  version: 1,
  hcp: { organization: 'acme', token: { env: 'TFE_TOKEN' }, hostname: 'tfe.example.com' },
  github: { token: { env: 'GITHUB_TOKEN' }, api_url: 'https://tfe.example.com/api/v3' },
  relay: { url: 'https://relay.example.com/hooks/gate', hmac_key: { env: 'RUNTASK_HMAC_KEY' }, hmac_key_version: 1 },
  run_tasks: {
    gate: { description: 'Checks', enabled: true, global: { stages: ['post_plan'], enforcement_level: 'advisory' } },
    other: { url: 'https://relay.example.com/hooks/other', hmac_key: { file: '/run/secrets/hmac' }, hmac_key_version: 1, agent_pool: 'p' },
  },
  attachments: [
    { run_task: 'gate', workspaces: ['net-prod', 'app-*'], stages: ['post_plan'], enforcement_level: 'mandatory' },
    {
      run_task: 'other',
      workspaces: { names: ['net-*'], exclude: ['net-test'], tags: ['prod', 'env=prod'], project: 'networking' },
      enforcement_level: 'advisory',
    },
  ],
  repositories: {
    'acme/gate': {
      workflow: {
        path: '.github/workflows/gate.yml',
        action: 'org/runtask-action@v1',
        via: 'commit',
        inputs: { 'raw-plan': 'true' },
        runs_on: 'self-hosted',
      },
      variables: { A_VARIABLE: 'text' },
      secrets: { A_SECRET: { value: { env: 'GITHUB_TOKEN' }, version: 1 } },
    },
  },
};

type Step = string | number;
interface Change {
  readonly path: readonly Step[];
  readonly where: 'value' | 'key' | 'beside' | 'in a list' | 'in a map';
}

/** Every place of the document at which something can be written. */
function placesIn(value: unknown, path: readonly Step[] = []): Change[] {
  const here: Change[] =
    path.length === 0 ? [] : (['value', 'key', 'beside', 'in a list', 'in a map'] as const).map((where) => ({ path, where }));
  if (typeof value !== 'object' || value === null) return here;
  const inner = Object.entries(value).flatMap(([key, next]) => placesIn(next, [...path, Array.isArray(value) ? Number(key) : key]));
  return [...here, ...inner];
}
const PLACES = placesIn(DOCUMENT);

function paste(value: unknown, { path: [step, ...rest], where }: Change, secret: string): unknown {
  const apply = (old: unknown): unknown =>
    rest.length > 0
      ? paste(old, { path: rest, where }, secret)
      : where === 'in a list'
        ? [secret]
        : where === 'in a map'
          ? { [secret]: secret }
          : secret;
  const isHere = rest.length === 0;
  if (Array.isArray(value)) {
    const list: unknown[] = value.map((one: unknown, index) => (index === step ? (isHere && where === 'key' ? secret : apply(one)) : one));
    return isHere && where === 'beside' ? [...(value as unknown[]), secret] : list;
  }
  return Object.fromEntries(
    Object.entries(value as object).flatMap(([key, old]: [string, unknown]): [string, unknown][] => {
      if (key !== step) return [[key, old]];
      if (!isHere) return [[key, apply(old)]];
      if (where === 'key') return [[secret, old]];
      return where === 'beside'
        ? [
            [key, old],
            [secret, old],
          ]
        : [[key, apply(old)]];
    }),
  );
}

const from = (alphabet: string, minLength: number, maxLength: number) =>
  fc.array(fc.constantFrom(...alphabet), { minLength, maxLength }).map((letters) => letters.join(''));
const SMALL = 'abcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';
const LETTERS = SMALL + SMALL.toUpperCase() + DIGITS;
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map((raw) => Buffer.from(raw));

/** As they are made: by openssl, by GitHub, by HCP Terraform, by people. */
const SECRETS = fc.oneof(
  bytes(32).map((raw) => raw.toString('hex')),
  bytes(32).map((raw) => raw.toString('base64')),
  bytes(32).map((raw) => raw.toString('base64url')),
  from(LETTERS, 36, 36).map((text) => `ghp_${text}`),
  from(LETTERS, 60, 80).map((text) => `github_pat_${text}`),
  fc.tuple(from(LETTERS, 14, 14), from(LETTERS, 67, 67)).map(([a, b]) => `${a}.atlasv1.${b}`),
  fc.uuid(),
  from(LETTERS, 60, 90).map((text) => `eyJhbGciOiJIUzI1NiJ9.${text}.${text}`),
  from(SMALL, 24, 40),
  from(DIGITS, 16, 24),
  from(`${LETTERS}!$%&/()=+;,<>`, 15, 20).map((text) => `${text}&$9x`),
  from(LETTERS, 64, 64).map((text) => `-----BEGIN RSA PRIVATE KEY-----\n${text}\n-----END RSA PRIVATE KEY-----`),
);

const WORKSPACES = [
  workspace('net-prod', { tags: ['prod'], tagBindings: { env: 'prod' }, project: 'networking' }),
  workspace('net-test', { tags: ['prod'], tagBindings: { env: 'prod' }, project: 'networking' }),
  workspace('app-prod'),
];

function everythingTold(text: string): string {
  const result = read(text);
  if (!result.ok) return result.error.map((one) => JSON.stringify(one) + formatDiagnostic(one)).join('\n');
  const { value } = result;
  return value
    .expand(WORKSPACES)
    .problems.map((found) => formatDiagnostic(value.tell(found.place, found)))
    .join('\n');
}

describe('a secret in the config file', () => {
  it('is at a place that is read well without it', () => {
    expect(load(stringify(DOCUMENT)).expand(WORKSPACES).problems).toEqual([]);
    expect(PLACES.length).toBeGreaterThan(250);
  });

  it('is never repeated, wherever it is pasted', () => {
    fc.assert(
      fc.property(fc.constantFrom(...PLACES), SECRETS, (place, secret) => {
        const text = everythingTold(stringify(paste(DOCUMENT, place, secret)));
        const lines = secret.split('\n');
        expect(text).not.toContain(lines.length > 1 ? lines[1] : secret);
      }),
      { numRuns: 800 },
    );
  });

  it('is never repeated, wherever it is pasted into the text', () => {
    const text = stringify(DOCUMENT);
    fc.assert(
      fc.property(fc.nat(text.length), SECRETS, fc.constantFrom('', ' ', '\n', ': ', ' "'), (at, secret, around) => {
        const told = everythingTold(text.slice(0, at) + around + secret + around + text.slice(at));
        const lines = secret.split('\n');
        expect(told).not.toContain(lines.length > 1 ? lines[1] : secret);
      }),
      { numRuns: 500 },
    );
  });

  it('of the environment is in nothing that is told, and all of them are known to whoever prints', () => {
    const config = load(stringify(DOCUMENT));
    expect([...config.secrets].sort()).toEqual(
      [ENV.GITHUB_TOKEN, ENV.RUNTASK_HMAC_KEY, ENV.TFE_TOKEN, 'another-key-of-enough-characters'].sort(),
    );
    const { items } = config.expand(WORKSPACES);
    const addresses = JSON.stringify(items.map(({ address, after, index, name }) => [address, after, index, name]));
    for (const secret of config.secrets) expect(addresses).not.toContain(secret);
  });
});
