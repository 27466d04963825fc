import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CREDENTIAL_KINDS } from '../../src/plan/credential-kinds.ts';
import { findCredentials } from '../../src/plan/credential-shapes.ts';
import { base64, CONTAINING, CREDENTIALS, githubToken, pem, scrambled } from './credentials.ts';

const short = (text: string): string => JSON.stringify(text.slice(0, 40)).slice(1, -1);

describe('findCredentials', () => {
  it.each(CREDENTIALS.map(([what, text]) => [what, short(text), text] as const))('knows %s: %s…', (what, _name, text) => {
    expect(findCredentials(text).map((one) => [one.what, text.slice(...one.range).trim()])).toEqual([[what, text.trim()]]);
  });

  it.each(CREDENTIALS.map(([what, text]) => [what, short(text), text] as const))(
    'finds %s between other words: %s…',
    (what, _name, text) => {
      for (const [before, after] of [
        ['is "', '", they said'],
        ['export TOKEN=', '\n'],
        ["{'token': '", "'}"],
        ['first\\n', '\\t.'],
        ['x=', ''],
      ] as const) {
        const whole = before + text.trim() + after;
        expect(findCredentials(whole).map((one) => [one.what, whole.slice(...one.range)])).toEqual([[what, text.trim()]]);
      }
    },
  );

  it.each(CONTAINING.map((row) => [row[0], short(row[1]), row] as const))(
    'finds %s after %s…',
    (_what, _before, [what, before, secret, after]) => {
      const text = before + secret + after;
      expect(findCredentials(text).map((one) => [one.what, text.slice(...one.range)])).toEqual([[what, secret]]);
    },
  );

  it('looks into a text that is base64 as a whole', () => {
    for (const [what, text] of CREDENTIALS.filter(([, one]) => one.length < 400)) {
      const [found] = findCredentials(base64(`#!/bin/sh\nexport TOKEN='${text}'\n`));
      expect([found?.what, found?.range[0]]).toEqual([`${what} in base64`, 0]);
    }
    const wrapped = base64(`token=${githubToken}, and more of it than fits into one line`).replace(/.{64}/g, '$&\n');
    expect(findCredentials(`${wrapped}\n`)).toEqual([{ what: 'a GitHub token in base64', range: [0, wrapped.length + 1] }]);
    expect(findCredentials(`{"data":"${base64(githubToken)}"}`)).toEqual([]);
  });

  it('finds several, in order', () => {
    const text = CREDENTIALS.map(([, one]) => one.trim()).join('\n; ');
    expect(findCredentials(text).map((one) => [one.what, text.slice(...one.range)])).toEqual(
      CREDENTIALS.map(([what, one]) => [what, one.trim()]),
    );
  });

  it('has an example of each kind', () => {
    const shown = new Set([...CREDENTIALS, ...CONTAINING].map(([what]) => what));
    expect(CREDENTIAL_KINDS.map(({ what }) => what).filter((what) => !shown.has(what))).toEqual([]);
  });

  it.each(
    [
      // What plans are full of.
      'arn:aws:iam::123456789012:role/aws-service-role/elasticache.amazonaws.com/AWSServiceRoleForElastiCache',
      `{"d":"${scrambled(43)}","name":"a value called d"}`,
      '{"auth":"AWS_IAM","d":"0123456789"}',
      `{"auth":"${base64('enabled for everybody')}"}`,
      '//npm.example.com/:_authToken=${NPM_TOKEN}',
      'shops_eyJust_a_name_that_is_long_enough_to_be_looked_at_and_goes_on_for_some_more_characters_until_it_is_over',
      'arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab',
      'mrk-1234abcd12ab34cd56ef1234567890ab',
      'ami-0abcdef1234567890',
      'key-0123456789abcdef0',
      'AKIAQ3EGRWDSZ7PLXN2K',
      'projects/acme/locations/global/keyRings/a/cryptoKeys/b/cryptoKeyVersions/1',
      '/subscriptions/9a1b2c3d-1111-4222-8333-444455556666/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/a',
      'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
      '9f86d081884c7d659a2feaa0c55ad015',
      'n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=',
      'd41d8cd98f00b204e9800998ecf8427e-12',
      '550e8400-e29b-41d4-a716-446655440000',
      `ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ${scrambled(340)} me@example.com`,
      pem('CERTIFICATE'),
      pem('PUBLIC KEY'),
      pem('CERTIFICATE REQUEST'),
      pem('RSA PUBLIC KEY'),
      pem('PGP PUBLIC KEY BLOCK'),
      base64(pem('CERTIFICATE')),
      base64(pem('PUBLIC KEY')),
      `MIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYD${scrambled(800)}`,
      `MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA${scrambled(300)}`,
      base64('#!/bin/bash\nset -e\napt-get update\nsystemctl restart app\n'),
      base64('{"a":1,"b":[1,2,3],"name":"a document of some length, without secrets"}'),
      'task-definition:12',
      'arn:aws:ecs:eu-west-1:1:task-definition/disk-usage-monitor-for-all-of-the-clusters:7',
      'npm_config_registry_of_the_company_and_all_of_its_teams',
      'hf_some_name_with_underscores_that_is_long_enough',
      'https://example.com:8443/a?b=c@d',
      'https://registry.example.com:5000/team/app:1.2@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
      'docker-pullable://nginx:1.25@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
      'git::ssh://git@github.com/acme/modules.git?ref=v1.2.3',
      '{"a":"http://localhost:8080","b":"me@example.com"}',
      "['http://localhost:8080','me@example.com']",
      'https://sqs.eu-west-1.amazonaws.com/123456789012/queue',
      'https://hooks.slack.com/',
      'Basic authentication',
      'Basic QWxsb3dzIGFsbCB0cmFmZmlj',
      'Bearer authentication-required-here',
      'SELECT 1; password=; host=x',
      // Examples and references, in place of the real one.
      `ghp_${'x'.repeat(36)}`,
      `ghp_${'*'.repeat(36)}`,
      'ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxx1234abcd',
      'ghp_your-token-goes-here-and-nowhere-else-really',
      'github_pat_EXAMPLEEXAMPLEEXAMPLEEXAMPLE_abcdefghijklmnop',
      'glpat-abcdefghijklmnopqrst',
      'sk-0123456789abcdef0123456789abcdef',
      'sk_live_placeholder_placeholder',
      'hvs.EXAMPLE-EXAMPLE-EXAMPLE-EXAMPLE',
      'aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      'aws_secret_access_key = ${var.secret}',
      'postgres://user:****@db/app',
      'postgres://user:<password>@db/app',
      'postgres://user:${var.password}@db/app',
      'postgres://user:$DB_PASSWORD@db/app',
      'postgres://user:{{password}}@db/app',
      'postgres://user:%s@db/app',
      'postgres://user:password@db/app',
      'postgres://postgres:postgres@localhost/app',
      'postgres://user:REDACTED@db/app',
      'postgres://user:(sensitive value)@db/app',
      'Server=x;User ID=app;Password=<password>;',
      'Server=x;User ID=app;Password=${var.db_password};',
      'Server=x;Password=@Microsoft.KeyVault(SecretUri=https://acme.vault.azure.net/secrets/db);User ID=app',
      'Server=x;User ID=app;Password=(sensitive value);',
      'connect(host=host, user=self.user, password=self.password)',
      '-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----',
      'must begin with "-----BEGIN RSA PRIVATE KEY-----", and it does not',
      'Authorization: Bearer ${token}',
      'Authorization: Bearer <token>',
    ].map((text) => [short(text), text]),
  )('leaves %s…', (_name, text) => {
    expect(findCredentials(text)).toEqual([]);
  });

  it('leaves random documents in base64, hexadecimal and base64url', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 4000 }), fc.constantFrom('base64', 'hex', 'base64url'), (bytes, encoding) => {
        expect(findCredentials(Buffer.from(bytes).toString(encoding as BufferEncoding))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  // 100,000 characters take milliseconds when the time grows with the length, and minutes when it grows with its square.
  const SIZE = 100_000;
  const repeated = (part: string): string => part.repeat(Math.ceil(SIZE / part.length));
  const hostileTo = (start: string): string[] => [
    repeated(start),
    start + 'a1B2'.repeat(SIZE / 4),
    repeated(`${start}xxxxx-${'a'.repeat(40)}.`),
    repeated(`${start}\n `),
    repeated(`${start}\\"'`),
    repeated(`${start}_a1`),
  ];
  it.each([
    ...CREDENTIAL_KINDS.flatMap((kind) => kind.starts).map((start) => [start, hostileTo(start)] as const),
    ['keys without an end', [repeated('-----BEGIN PRIVATE KEY-----\n'), repeated(`-----BEGIN PRIVATE KEY-----\n${scrambled(64)}\n`)]],
    ['ends of keys', [repeated('-----END PRIVATE KEY-----'), '-'.repeat(SIZE)]],
    ['parts of web tokens', [repeated('eyJhbGciOiJIUzI1NiJ9.'), repeated('eyJhbGciOiJIUzI1NiJ9_'), repeated('eyJhbGciOiJIUzI1NiJ9.eyJ_')]],
    ['colons after a scheme', [`://${':'.repeat(SIZE)}`, repeated('://user:password-and-more'), `://user:${"'a".repeat(SIZE / 2)}`]],
    ['connection strings', [repeated('Password=a;'), repeated('Password=abcdef ghi,'), repeated('Server=x;Password=\\\\')]],
  ] as const)('reads hostile text in a time that grows with its length: %s', (_name, texts) => {
    for (const text of texts) {
      const begin = performance.now();
      const found = findCredentials(text);
      expect(performance.now() - begin).toBeLessThan(1500);
      expect(found.every(({ range }, i) => range[0] < range[1] && range[0] >= (found[i - 1]?.range[1] ?? 0))).toBe(true);
    }
  });

  it('reads what looks like a key of hundreds of thousands of lines', () => {
    const lines = `\n${scrambled(64)}`.repeat(100_000);
    for (const begin of [
      '-----BEGIN PRIVATE KEY-----',
      `MIIEvQIBADANBgkqhkiG9w0BAQEFAAS${scrambled(60)}`,
      base64(pem('PRIVATE KEY')).slice(0, 300),
    ]) {
      expect(findCredentials(begin + lines)).not.toEqual([]);
      expect(findCredentials(begin + lines.repeat(3))).not.toEqual([]);
    }
  });

  it('says nothing that is part of the credential', () => {
    for (const { what } of CREDENTIAL_KINDS) expect(findCredentials(`(withheld: looks like ${what})`)).toEqual([]);
    expect(CREDENTIAL_KINDS.filter(({ what }) => what.includes(githubToken))).toEqual([]);
  });
});
