import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readDocuments } from '../../../src/plan/diff/document.ts';
import { readJsonDocument } from '../../../src/plan/diff/json-document.ts';
import { Spelled } from '../../../src/plan/diff/side.ts';
import { readYamlDocument } from '../../../src/plan/diff/yaml-document.ts';
import { createMasker } from '../../../src/plan/masking.ts';
import { diffLines } from '../../../src/report/diff-lines.ts';
import { buildPlan, buildResource, planWithSecret } from '../build-plan.ts';

describe('readJsonDocument', () => {
  it('reads what JSON.parse reads, with numbers as they are spelled', () => {
    expect(readJsonDocument(' {"a":[1,1.0,-0,1e3,12345678901234567890],"b":{"c":null}}')).toEqual({
      a: [1, ...['1.0', '-0', '1e3', '12345678901234567890'].map((spelling) => new Spelled(spelling))],
      b: { c: null },
    });
    fc.assert(
      fc.property(fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue())), (value) => {
        const text = JSON.stringify(value);
        const read = JSON.stringify(readJsonDocument(text), (_key, inner: unknown) =>
          inner instanceof Spelled ? Number(inner.spelling) : inner,
        );
        expect(read).toEqual(JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  it.each([
    ['a scalar', '"text"'],
    ['something else', '{"a":1'],
    ['a key twice, of which readers take one or the other', '{"a":1,"b":{"x":1,"x":2}}'],
    ['nesting without end', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['more than is worth comparing', `["${'x'.repeat(200_000)}"]`],
  ])('leaves %s a text', (_what, text) => expect(readJsonDocument(text)).toBeNull());

  it('is not led astray by keys of Object.prototype, nor by what looks like JSON in its texts', () => {
    expect(JSON.stringify(readJsonDocument('{"__proto__":{"a":"{\\"b\\":1}"}}'))).toBe('{"__proto__":{"a":"{\\"b\\":1}"}}');
  });
});

describe('readYamlDocument', () => {
  it('reads maps and lists, with their comments beside them', () => {
    expect(
      readYamlDocument('#cloud-config\npackages:\n  - nginx # web\nrun: "# none"\nscript: |\n  # none\n  x\nport: 0x50\nnone:\n'),
    ).toEqual({
      value: { packages: ['nginx'], run: '# none', script: '# none\nx\n', port: new Spelled('0x50'), none: null },
      comments: '#cloud-config\n# web',
    });
  });

  it('keeps words apart from texts where readers of YAML do not agree on what they are', () => {
    for (const word of ['yes', 'off', '1_000', '12:30', '2026-11-22']) {
      expect(readYamlDocument(`a: [${word}]\nb: 1\n`)?.value).toEqual({ a: [new Spelled(word)], b: 1 });
      expect(readYamlDocument(`a: ["${word}"]\nb: 1\n`)?.value).toEqual({ a: [word], b: 1 });
    }
    expect(readYamlDocument('image:\n  tag: 1.2.3\n')?.value).toEqual({ image: { tag: '1.2.3' } });
    expect(readYamlDocument('on: [push]\nname: x\n')).toBeNull();
  });

  it.each([
    ['one line', 'a: [1]'],
    ['one level', 'a: 1\nb: 2\n'],
    ['prose', 'A sentence: with a colon\nand another line\nand one more: [1]\n'],
    ['a script', '#!/bin/sh\na: [1]\nb: 2\n'],
    ['a scalar of several lines', 'one\ntwo\n'],
    ['two documents', 'a: [1]\n---\nb: [2]\n'],
    ['a key twice', 'a: [1]\na: [2]\n'],
    ['keys that are no texts', '1: [a]\n2: b\n'],
    ['tags', 'a: !Ref b\nc: [1]\n'],
    ['an anchor', 'a: &x 1\nb: [2]\n'],
    ['an alias', 'a: &x [1]\nb: *x\n'],
    [
      'aliases that multiply',
      `a: &a [x, x]\n${'bcdefghij'
        .split('')
        .map((name, i) => `${name}: &${name} [${`*${'abcdefghi'[i]}, `.repeat(9)}]`)
        .join('\n')}\n`,
    ],
    ['merged maps', 'a: &a\n  x: 1\nb:\n  <<: *a\n'],
    ['what cannot be read', 'a: [1\nb: 2\n'],
    ['lists without end, in brackets', `a: ${'['.repeat(30_000)}\nb: c\n`],
    ['lists without end, in dashes', `${'- '.repeat(30_000)}a\nb: c\n`],
    ['maps without end', `${'a: {b: '.repeat(8000)}\nx: y\n`],
    ['maps without end, further and further in', Array.from({ length: 300 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
    ['explicit keys without end', `${'? '.repeat(30_000)}\nx: y\n`],
    ['more than is worth comparing', `a: [1]\n${'#\n'.repeat(40_000)}`],
  ])('leaves %s a text, at once', (_what, text) => {
    const started = performance.now();
    expect(readYamlDocument(text)).toBeNull();
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe('readDocuments', () => {
  const masker = createMasker(buildPlan());

  it('wants both sides to be the same kind of document', () => {
    expect(readDocuments(['{"a":1}', '[1]'], masker)?.language).toBe('JSON');
    expect(readDocuments(['a: [1]\nb: 2\n', 'a: [1]\nb: 3\n'], masker)?.language).toBe('YAML');
    expect(readDocuments(['{"a":1}', 'a: [1]\nb: 2\n'], masker)).toBeNull();
    expect(readDocuments(['a: [1]\nb: 2\n', '# one\na: [1]\nb: 2\n'], masker)).toBeNull();
    expect(readDocuments(['{}', '[]'], masker)).toBeNull();
    expect(readDocuments(['a: [1]\nb: 2\n'], masker)).toBeNull();
  });

  it('shows no YAML of which something is hidden as a document', () => {
    const hiding = createMasker(planWithSecret('the-secret'));
    expect(readDocuments(['a: the-secret\nb: [2]\n', 'a: x\nb: [3]\n'], hiding)).toBeNull();
    expect(readDocuments(['{"a":"the-secret"}', '{"a":"x"}'], hiding)).not.toBeNull();
  });

  // Every word is found once in the document, so that whoever sees one knows that it was shown.
  it('shows nothing of a secret, whatever part of the document it is', () => {
    const word = fc.stringMatching(/^[a-z]{9,14}$/);
    const tree = fc.letrec<{ node: unknown }>((tie) => ({
      node: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        word,
        fc.array(tie('node'), { maxLength: 3 }),
        fc.array(fc.tuple(word, tie('node')), { maxLength: 3 }).map((entries) => Object.fromEntries(entries)),
      ),
    })).node;
    fc.assert(
      fc.property(
        fc.array(tree, { minLength: 1, maxLength: 3 }),
        fc.nat(),
        fc.nat(60),
        fc.boolean(),
        (document, from, length, isSpaced) => {
          const text = isSpaced ? JSON.stringify(document, null, 1) : JSON.stringify(document);
          const start = from % text.length;
          const end = Math.min(text.length, start + 8 + length);
          const secret = text.slice(start, end);
          const words = [...text.matchAll(/[a-z]+/g)];
          fc.pre(secret.length >= 8 && new Set(words.map(String)).size === words.length);
          const hidden = words.filter((found) => found.index < end && found.index + found[0].length > start).map(String);
          const before = { doc: text.replaceAll(/[a-z]+/g, (found) => found.toUpperCase()), secret: 'something else' };
          for (const change of [
            { before, after: { doc: text, secret } },
            { actions: ['create'], after: { doc: text, secret } },
          ]) {
            const resource = buildResource({ ...change, afterSensitive: { secret: true } });
            const shown = diffLines(resource, createMasker(buildPlan([resource]))).join('\n');
            expect(hidden.filter((one) => shown.includes(one))).toEqual([]);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});
