// A sentinel in every marked place of a random plan, and copies of it everywhere else in every spelling: it comes out nowhere.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Json } from '../../../src/contracts/json.ts';
import { CONTAINING, CREDENTIALS, scrambled } from '../../plan/credentials.ts';
import { planFrom } from '../models.ts';
import { planDocuments, type JsonMap } from './documents.ts';
import { frames, toModel } from './reports.ts';
import { runs, TIMEOUT_MS } from './runs.ts';
import { allViews } from './views.ts';

const SENTINEL = 'S3NTINEL';
const base64 = (text: string): string => Buffer.from(text).toString('base64');

// Characters that each encoding treats in its own way.
const SECRETS = [
  ' plain',
  '"quoted" & <tagged>',
  '\\back\\slashed',
  'é and 🦊',
  'two\nlines',
  '100%2F',
  '`ticks`',
  "it's",
  '\u2028 and \u0007',
  '',
].map((odd, n) => `${SENTINEL}-${n}-7c1b93fa${odd}-x`);
const sentinel = fc.constantFrom(...SECRETS);

const SPELLINGS: readonly ((secret: string) => string)[] = [
  (s) => s,
  (s) => `before ${s} after`,
  (s) => `x${s}${s}y`,
  (s) => JSON.stringify({ a: [s], b: { c: `x ${s}` } }),
  (s) => JSON.stringify(JSON.stringify({ a: s })),
  (s) => `a: ${JSON.stringify(s)}\nb:\n  - c: 1\n`,
  (s) => `first line\n${s}\nlast line\n`,
  (s) => encodeURIComponent(s),
  (s) => `https://x.example/?q=${encodeURIComponent(s)}&r=1`,
  (s) => base64(s),
  (s) => base64(`a${s}`),
  (s) => base64(`ab${s}cde`),
  (s) => base64(JSON.stringify({ auth: s })),
  (s) => Buffer.from(`abc${s}`).toString('base64url'),
  (s) => Buffer.from(s).toString('hex'),
  (s) => `0${Buffer.from(s).toString('hex').toUpperCase()}`,
];
const copy = fc.tuple(fc.constantFrom(...SPELLINGS), sentinel).map(([spell, secret]) => spell(secret));
const word = fc.constantFrom('web', 'db', 'logs', 'a value', 'another value', 'k1', 'k2');
const NAMES = ['aws_instance.web', 'aws_s3_bucket.logs', 'module.a.aws_db_instance.main', 'null_resource.x[0]', 'terraform_data.y["k"]'];
const name = fc.constantFrom(...NAMES);

/** How the random part of every credential here begins. */
const RANDOM = scrambled(12);
const credential = fc
  .constantFrom(...CREDENTIALS.map(([, text]) => text), ...CONTAINING.map(([, before, secret, after]) => before + secret + after))
  .filter((text) => text.includes(RANDOM));
/** Where one stands. None of these takes its form from it. */
const AROUND: readonly ((text: string) => string)[] = [
  (s) => s,
  (s) => `the key is ${s}`,
  (s) => `#!/bin/sh\nexport TOKEN='${s}'\nrun\n`,
  (s) => JSON.stringify({ env: [{ name: 'TOKEN', value: s }], more: [s, 1] }),
  (s) => JSON.stringify(JSON.stringify({ token: s })),
  (s) => `token: ${JSON.stringify(s)}\nlist:\n  - a: ${JSON.stringify(s)}\n    b: 1\n`,
];

/** The text, and what it is when taken for something else. Whoever finds the sentinel in one of them has seen the secret. */
function readings(text: string): string[] {
  const decoded = (text.match(/[A-Za-z0-9+/_-]{8,}/g) ?? []).flatMap((run) => [
    ...[0, 1, 2, 3].map((skip) => Buffer.from(run.slice(skip), 'base64').toString('latin1')),
    ...(/^[0-9a-f]{16,}/i.test(run) ? [0, 1].map((skip) => Buffer.from(run.slice(skip), 'hex').toString('latin1')) : []),
  ]);
  return [text, text.replaceAll('\\', ''), ...decoded];
}

const leaks = (text: string): boolean => readings(text).some((one) => one.includes(SENTINEL));

/** Every secret stands marked somewhere, so that each copy is a copy of something marked. */
function withSecretsMarked(document: JsonMap): JsonMap {
  const change: Json = {
    actions: ['no-op'],
    before: null,
    after: SECRETS,
    after_unknown: false,
    before_sensitive: false,
    after_sensitive: true,
  };
  return { ...document, output_changes: { ...(document['output_changes'] as JsonMap | undefined), all: change } };
}

describe('no view of a report', () => {
  it(
    'lets out a marked value, or a copy of one',
    async () => {
      const documents = planDocuments({ text: fc.oneof({ weight: 2, arbitrary: copy }, word), name, secret: sentinel });
      const reports = frames({
        text: word,
        said: fc.oneof({ weight: 2, arbitrary: copy }, word),
        url: fc.constant('https://app.terraform.io/x'),
      });
      await fc.assert(
        fc.asyncProperty(documents, reports, async (document, frame) => {
          const plan = await planFrom(JSON.stringify(withSecretsMarked(document)));
          const views = allViews(toModel(plan, frame));
          expect(Object.keys(views).filter((view) => leaks(views[view] ?? ''))).toEqual([]);
        }),
        runs(200),
      );
    },
    TIMEOUT_MS,
  );

  it(
    'lets out what looks like a credential, though nobody marked it',
    async () => {
      const text = fc.oneof({ weight: 2, arbitrary: fc.tuple(fc.constantFrom(...AROUND), credential).map(([put, one]) => put(one)) }, word);
      const documents = planDocuments({ text, name, secret: word });
      const reports = frames({ text: word, said: text, url: fc.constant('https://app.terraform.io/x') });
      await fc.assert(
        fc.asyncProperty(documents, reports, async (document, frame) => {
          const views = allViews(toModel(await planFrom(JSON.stringify(document)), frame));
          expect(Object.keys(views).filter((view) => views[view]?.replaceAll('\\', '').includes(RANDOM))).toEqual([]);
        }),
        runs(120),
      );
    },
    TIMEOUT_MS,
  );

  it('would pass this test with a leak', () => {
    for (const secret of SECRETS) {
      for (const spell of SPELLINGS) expect([spell(secret), leaks(`x ${spell(secret)} y`)]).toEqual([spell(secret), true]);
    }
  });
});
