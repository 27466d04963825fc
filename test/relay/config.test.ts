import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { formatDiagnostic } from '../../src/base/diagnostics.ts';
import { readRelayConfig } from '../../src/relay/config/read-relay-config.ts';

const KEY = Buffer.alloc(32, 5);
const PEM = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
const env = {
  HMAC: 'a-key-of-enough-characters',
  TOKEN: 'github_pat_of_some_length',
  KEY: KEY.toString('base64'),
  SHORT: 'short',
  EMPTY: '',
};
const files: Record<string, string> = {
  '/run/secrets/hmac': 'another-key-of-enough-characters\n',
  '/run/secrets/pem': PEM,
  '/run/secrets/hex': KEY.toString('hex'),
};
const readFile = (path: string): string => {
  const text = files[path];
  if (text === undefined) throw new Error(`ENOENT: no such file, open '${path}'`);
  return text;
};
const read = (text: string) => readRelayConfig(text, { file: 'relay.yml', env, readFile });
const problems = (text: string): string[] => {
  const result = read(text);
  return result.ok ? [] : result.error.map(formatDiagnostic);
};

const GOOD = `
public_url: https://relay.example.com/
encryption_key: { env: KEY }
github: { token: { env: TOKEN } }
tasks:
  gate:
    hmac_keys: [{ env: HMAC }, { file: /run/secrets/hmac }]
    organizations: [acme]
    routes:
      - { workspaces: ["net-*"], stages: [post_plan], repository: acme/terraform-gate, workflow: gate.yml }
      - { from: vcs, owners: [acme], observe: true }
    unrouted: fail
`;

describe('readRelayConfig', () => {
  it('reads a whole file, with its secrets and defaults', () => {
    const result = read(GOOD);
    if (!result.ok) throw new Error(result.error.map(formatDiagnostic).join('\n'));
    expect(result.value).toMatchObject({
      publicUrl: 'https://relay.example.com',
      listen: { host: '127.0.0.1', port: 8080 },
      admin: null,
      store: './data',
      signingKey: null,
      github: {
        identity: { kind: 'token', token: env.TOKEN },
        apiUrl: 'https://api.github.com',
        webUrl: 'https://github.com',
        oidcIssuers: ['https://token.actions.githubusercontent.com'],
      },
      tasks: {
        gate: {
          name: 'gate',
          hmacKeys: [env.HMAC, 'another-key-of-enough-characters'],
          hcp_hosts: ['app.terraform.io'],
          token_life: 600_000,
          routes: [
            { repository: 'acme/terraform-gate', workflow: 'gate.yml', event_type: 'hcp-terraform-run-task', observe: false },
            { from: 'vcs', owners: ['acme'], workflow: 'run-task.yml', observe: true },
          ],
        },
      },
    });
    expect(Buffer.from(result.value.encryptionKey)).toEqual(KEY);
  });

  it('reads a GitHub App, a key in hex, and an Enterprise Server', () => {
    const result = read(
      GOOD.replace('{ env: KEY }', '{ file: /run/secrets/hex }').replace(
        '{ token: { env: TOKEN } }',
        '{ app_id: 12, private_key: { file: /run/secrets/pem }, api_url: "https://github.example.com/api/v3" }',
      ),
    );
    if (!result.ok) throw new Error(result.error.map(formatDiagnostic).join('\n'));
    expect(result.value.github).toEqual({
      identity: { kind: 'app', appId: '12', privateKeyPem: PEM.trimEnd() },
      apiUrl: 'https://github.example.com/api/v3',
      webUrl: 'https://github.example.com',
      oidcIssuers: ['https://github.example.com/_services/token'],
    });
  });

  it.each([
    ['admin: {}', { host: '127.0.0.1', port: 8081 }],
    ['admin: { host: 10.0.0.7, port: 9090 }', { host: '10.0.0.7', port: 9090 }],
  ])('reads %s', (line, admin) => {
    expect(read(`${GOOD}\n${line}\n`)).toMatchObject({ ok: true, value: { admin } });
  });

  it.each([
    ['admin: { host: "" }', /relay\.yml:\d+:\d+: "host" is not valid \(admin\.host\)/],
    ['admin: { prot: 9090 }', /Unknown key "prot" \(admin\.prot\)\. Did you mean "port"\?/],
    ['admin: true', /"admin" is not valid/],
    ['admin:', /"admin" is not valid/],
  ])('refuses %s', (line, problem) => {
    expect(problems(`${GOOD}\n${line}\n`)).toEqual([expect.stringMatching(problem)]);
  });

  it('derives the places of GHE.com', () => {
    const result = read(GOOD.replace('{ token: { env: TOKEN } }', '{ token: { env: TOKEN }, api_url: "https://api.acme.ghe.com" }'));
    expect(result.ok && result.value.github).toMatchObject({
      webUrl: 'https://acme.ghe.com',
      oidcIssuers: ['https://token.actions.acme.ghe.com'],
    });
  });

  it('tells everything that is wrong at once, each with its line, column and remedy', () => {
    const text = `public_url: http://relay.example.com
encryption_key: { env: SHORT }
github: { app_id: 12 }
tasks:
  gate:
    hmac_key: [{ env: HMAC }]
    hmac_keys: [{ env: SHORT }, { env: NOBODY }, { env: EMPTY }, { file: /nowhere }]
    routes:
      - { from: vcs }
      - { repository: not-a-name, workflow: run-task.yml }
    token_life: 90s
  gate two:
    hmac_keys: []
    organizations: [acme]
    unrouted: maybe
`;
    expect(problems(text)).toEqual([
      'relay.yml:1:13: "public_url" must be https (public_url). Tickets and session tokens travel to it. Plain http is for loopback only',
      'relay.yml:2:17: The secret in the environment variable SHORT cannot be used (encryption_key). It must be 32 bytes in base64 or hex; `openssl rand -base64 32` makes one',
      expect.stringMatching(/^relay\.yml:3:9: "github" is not valid \(github\)\. A GitHub App needs both `app_id` and `private_key`/),
      'relay.yml:5:3: "organizations" is missing (tasks.gate.organizations). Write the HCP Terraform organizations whose runs are taken: [acme]',
      'relay.yml:5:3: "unrouted" is missing (tasks.gate.unrouted). Write what a run gets that no route takes: fail, or pass',
      'relay.yml:6:5: Unknown key "hmac_key" (tasks.gate.hmac_key). Did you mean "hmac_keys"? Known here: hmac_keys, hcp_hosts, organizations, routes, unrouted, feedback_repositories, token_life, transport, seal_public_key, plan',
      expect.stringMatching(
        /^relay\.yml:7:17: The secret in the environment variable SHORT cannot be used.*It has 5 characters, 16 are the least/,
      ),
      'relay.yml:7:33: The environment variable NOBODY is not set (tasks.gate.hmac_keys[1]). Set it where the relay is started',
      expect.stringMatching(/^relay\.yml:7:50: The secret in the environment variable EMPTY is empty/),
      expect.stringMatching(/^relay\.yml:7:66: The secret file \/nowhere cannot be read.*ENOENT/),
      expect.stringMatching(/^relay\.yml:9:9: "owners" is missing \(tasks\.gate\.routes\[0\]\.owners\)\. Write the GitHub owners/),
      'relay.yml:10:9: Route 2 is never reached (tasks.gate.routes[1]). Route 1 takes every workspace in every stage, and the first route that fits is used. Put it last, or give it `workspaces`',
      expect.stringMatching(/^relay\.yml:10:23: "repository" is not valid \(tasks\.gate\.routes\[1\]\.repository\)\. owner\/name/),
      expect.stringMatching(/^relay\.yml:11:17: "token_life" is not valid.*Between 2m and 60m/),
      expect.stringMatching(/^relay\.yml:12:3: Bad name "gate two"/),
    ]);
  });

  it.each([
    ['no YAML', 'public_url: [', /Not valid YAML/],
    [
      'a key twice',
      GOOD + 'public_url: https://x.example\n',
      /^relay\.yml:13:1: A key is written twice\. One of the two would be ignored\. Remove or rename it$/,
    ],
    ['nothing', '', /"public_url" is missing|"encryption_key" is missing/],
    ['a list', '- a', /"the file" is not valid/],
    [
      'an alias bomb',
      `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n`,
      /^relay\.yml:1:1: relay\.yml cannot be expanded\. Its aliases multiply\. Write the parts out instead/,
    ],
    [
      'a secret in the file',
      GOOD.replace('{ env: TOKEN }', 'github_pat_in_the_file'),
      /"token" does not name a secret.*never written into this file/,
    ],
    [
      'a token and an App',
      GOOD.replace('{ token:', '{ app_id: 1, private_key: { file: /run/secrets/pem }, token:'),
      /Either a GitHub App.*or a `token`/,
    ],
    [
      'a key that is no PEM',
      GOOD.replace('{ token: { env: TOKEN } }', '{ app_id: 1, private_key: { env: TOKEN } }'),
      /not a private key in PEM form/,
    ],
    ['PostgreSQL', GOOD + 'store: postgres://db/relay\n', /PostgreSQL is not supported yet/],
    [
      'a sealed task without keys',
      GOOD.replace('unrouted: fail', 'unrouted: fail\n    transport: sealed'),
      /needs `signing_key`[\s\S]*needs `seal_public_key`/,
    ],
    ['an issuer over http', GOOD.replace('{ token:', '{ oidc_issuers: ["http://evil.example"], token:'), /"0" must be https|must be https/],
    ['a query in public_url', GOOD.replace('example.com/', 'example.com/?a=b'), /must be a plain URL/],
  ])('refuses %s', (_name, text, message) => {
    const found = problems(text).join('\n');
    expect(found).toMatch(message);
  });

  it('never quotes a secret', () => {
    const secret = 'github_pat_THIS_IS_A_SECRET_VALUE';
    const texts = [
      GOOD.replace('{ env: TOKEN }', secret),
      GOOD.replace('{ env: KEY }', `"${secret}"`),
      GOOD.replace('[{ env: HMAC }, { file: /run/secrets/hmac }]', `[${secret}]`),
      `public_url: [\n${secret}: {`,
    ];
    for (const text of texts) {
      const found = problems(text);
      expect(found.length).toBeGreaterThan(0);
      // The YAML parser may quote a key where a colon is wrong; a value never.
      expect(found.join('\n')).not.toContain(secret);
    }
  });

  it('allows plain http to loopback', () => {
    expect(problems(GOOD.replace('https://relay.example.com/', 'http://127.0.0.1:8080'))).toEqual([]);
  });
});
