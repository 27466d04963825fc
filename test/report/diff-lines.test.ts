import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createMasker } from '../../src/plan/masking.ts';
import { diffLines } from '../../src/report/diff-lines.ts';
import { lineDiff } from '../../src/report/line-diff.ts';
import { changeJson, planFrom, planJson } from './models.ts';

async function linesOf(before: unknown, after: unknown, more: object = {}): Promise<string[]> {
  const actions = before === null ? ['create'] : after === null ? ['delete'] : ['update'];
  const plan = await planFrom(planJson([changeJson('a.b', actions, before, after, more)]));
  const [change] = plan.changes;
  if (change === undefined) throw new Error('no change');
  return diffLines(change, createMasker(plan));
}

describe('diffLines', () => {
  it('puts short values on one line, under each other', async () => {
    expect(await linesOf({ a: 1, longer: 'x' }, { a: 2, longer: 'y', new: true })).toEqual([
      '! a      = 1 -> 2',
      '! longer = "x" -> "y"',
      '+ new    = true',
    ]);
  });

  it('puts long values on two lines', async () => {
    const [from, to] = ['o'.repeat(60), 'n'.repeat(60)];
    expect(await linesOf({ a: from }, { a: to })).toEqual([`- a = "${from}"`, `+ a = "${to}"`]);
  });

  it('shows of very long values the part that differs', async () => {
    const lines = await linesOf({ a: `${'s'.repeat(5000)}OLD${'e'.repeat(5000)}` }, { a: `${'s'.repeat(5000)}NEW${'e'.repeat(5000)}` });
    expect(lines.join('\n')).toMatch(/^! a = …s{40}OLDe{40}… -> …s{40}NEWe{40}…$|^- a = …s{40}OLDe{40}…\n\+ a = …s{40}NEWe{40}…$/);
  });

  it('says of a value that is too long how much is missing', async () => {
    expect(await linesOf(null, { a: 'x'.repeat(1000) })).toEqual([`+ a = "${'x'.repeat(398)}… (603 more characters)`]);
  });

  it('tells the computed attributes of a new object in one line', async () => {
    const unknown = { id: true, arn: true, url: true };
    expect(await linesOf(null, { name: 'n' }, { change: { after_unknown: unknown } })).toEqual([
      '+ name = "n"',
      '+ (known after apply: arn, id, url)',
    ]);
  });

  it('marks what forces the replacement', async () => {
    expect(await linesOf({ a: 1 }, { a: 2 }, { change: { replace_paths: [['a']] } })).toEqual(['! a = 1 -> 2  # forces replacement']);
  });

  it('compares texts line by line, with two lines around', async () => {
    const text = ['1', '2', '3', '4', '5', '6', '7'];
    expect(await linesOf({ a: text.join('\n') }, { a: text.with(3, 'four').join('\n') })).toEqual([
      '! a =',
      '      … 1 unchanged line',
      '      2',
      '      3',
      '-     4',
      '+     four',
      '      5',
      '      6',
      '      … 1 unchanged line',
    ]);
  });

  it('says when only white space changes', async () => {
    expect(await linesOf({ a: 'one\ntwo' }, { a: 'one\n  two' })).toEqual([
      '! a =',
      '  # only white space changes',
      '      one',
      '-     two',
      '+       two',
    ]);
    expect(await linesOf({ a: '{"b":1}' }, { a: '{ "b": 1 }' })).toEqual(['! a = (JSON)', '  # only white space changes']);
  });

  it('compares a JSON document in a string as a document', async () => {
    expect(await linesOf({ policy: '{"b":[1,2]}' }, { policy: '{"b":[1,3]}' })).toEqual([
      '! policy = (JSON)',
      '      … 1 unchanged line',
      '        "b": [',
      '          1,',
      '-         2',
      '+         3',
      '        ]',
      '      }',
    ]);
  });

  it('leaves a document alone that writing anew would change', async () => {
    expect(await linesOf({ a: '{"n":12345678901234567890}' }, { a: '{"n":12345678901234567891}' })).toEqual([
      '! a = "{\\"n\\":12345678901234567890}" -> "{\\"n\\":12345678901234567891}"',
    ]);
  });

  it('keeps what an object was short when nobody knows yet what it will be', async () => {
    const [line = ''] = await linesOf({ a: { b: 'x'.repeat(300) } }, {}, { change: { after_unknown: { a: true } } });
    expect(line).toMatch(/^! a = \{"b": "x+… \(\d+ more characters\) -> \(known after apply\)$/);
    expect(line.length).toBeLessThan(130);
  });

  it('tells a change within the hidden part of a text as such', async () => {
    const marks = { change: { before_sensitive: { key: true }, after_sensitive: { key: true } } };
    const urls = [
      { key: 'old-secret-1', url: 'db://u:old-secret-1@h' },
      { key: 'new-secret-2', url: 'db://u:new-secret-2@h' },
    ];
    expect(await linesOf(urls[0], urls[1], marks)).toEqual([
      '! key = (sensitive value) -> (sensitive value) (changed)',
      '! url = "db://u:(sensitive value)@h" (a hidden part changes)',
    ]);
    const texts = [
      { key: 'old-secret-1', url: 'line\nold-secret-1' },
      { key: 'new-secret-2', url: 'line\nnew-secret-2' },
    ];
    expect((await linesOf(texts[0], texts[1], marks)).at(-1)).toBe('! url = (text of 2 lines, a hidden part changes)');
  });

  it('tells that a hidden value changes, and nothing of it', async () => {
    const marks = { change: { before_sensitive: { a: true }, after_sensitive: { a: true } } };
    expect(await linesOf({ a: 'one-secret' }, { a: 'another-secret' }, marks)).toEqual([
      '! a = (sensitive value) -> (sensitive value) (changed)',
    ]);
    expect(await linesOf({ a: 'one-secret', b: 'line\none-secret' }, { a: 'one-secret', b: 'line\nx' }, marks)).toEqual([
      '! b =',
      '      line',
      '-     (sensitive value)',
      '+     x',
    ]);
  });
});

describe('lineDiff', () => {
  const texts = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 });

  it('gives both texts back, but for unchanged lines that it counts', () => {
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        const side = (other: '+' | '-'): string[] =>
          lineDiff(before, after)
            .filter(({ sign }) => sign !== other)
            .flatMap(({ text }) => {
              const skipped = /^… (\d+) unchanged lines?$/.exec(text)?.[1];
              return skipped === undefined ? [text] : Array.from({ length: Number(skipped) }, () => '*');
            });
        const matches = (shown: string[], whole: readonly string[]): boolean =>
          shown.length === whole.length && shown.every((line, i) => line === '*' || line === whole[i]);
        expect(matches(side('+'), before)).toBe(true);
        expect(matches(side('-'), after)).toBe(true);
      }),
    );
  });

  it('tells no line of equal texts as changed', () => {
    fc.assert(fc.property(texts, (text) => expect(lineDiff(text, text).filter(({ sign }) => sign !== ' ')).toEqual([])));
  });

  it('is quick for texts that have nothing in common', () => {
    const before = Array.from({ length: 20_000 }, (_, i) => `a${i}`);
    const after = Array.from({ length: 20_000 }, (_, i) => `b${i}`);
    expect(lineDiff(before, after)).toHaveLength(40_000);
  });
});
