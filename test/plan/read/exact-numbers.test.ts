import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createMasker } from '../../../src/plan/masking.ts';
import { readPlan } from '../../../src/plan/read-plan.ts';
import { STORE_LIMITS } from '../../../src/plan/read/change-store.ts';
import { exactNumbersAt, isHeld } from '../../../src/plan/read/exact-numbers.ts';
import { chunksOf } from '../build-plan.ts';

describe('exactNumbersAt', () => {
  it('tells the spelling of what a double does not hold, by its place', () => {
    const text = `{"change":{"before":{"a":[1,9007199254740993]},"after":{"a":[1,0.1],"__proto__":{"b.c":-12345678901234567890.5}}},"x":1e400}`;
    expect(exactNumbersAt(text, ['change'])).toEqual({
      before: new Map([['["a",1]', '9007199254740993']]),
      after: new Map([['["__proto__","b.c"]', '-12345678901234567890.5']]),
    });
  });

  it('tells nothing where every number of the change is held, whatever stands beside it', () => {
    expect(exactNumbersAt('{"change":{"before":{"a":10000000000000000},"after":null},"x":9007199254740993}', ['change'])).toBeUndefined();
    expect(exactNumbersAt('{"before":[],"after":{"a":"9007199254740993"}}', [])).toBeUndefined();
  });

  it.each([
    ['9007199254740992', true],
    ['9007199254740993', false],
    ['-9007199254740993', false],
    ['100000000000000000000000', true],
    ['0.1', true],
    ['0.10000000000000000', true],
    ['0.1000000000000000055', false],
    ['1.0', true],
    ['1E2', true],
    ['1e400', false],
    ['0e400', true],
    ['-0', true],
    ['5e-324', true],
    ['4e-324', false],
    ['1e-400', false],
    ['18446744073709551615', false],
  ])('%s: %s', (spelling, held) => {
    expect(isHeld(spelling, Number(spelling))).toBe(held);
  });

  it('says of integers what BigInt says', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }), (integer) => {
        // As people see it: 2^60 is held by a double exactly, and written as 1152921504606847000.
        const shown = BigInt(Number(String(integer)).toLocaleString('en', { useGrouping: false, maximumSignificantDigits: 17 }));
        if (shown !== integer && BigInt(Number(integer)) !== integer) expect(isHeld(String(integer), Number(integer))).toBe(false);
        if (integer >= -(2n ** 53n) && integer <= 2n ** 53n) expect(isHeld(String(integer), Number(integer))).toBe(true);
      }),
    );
  });
});

describe('a marked number that a double does not hold', () => {
  it('is hidden with all of its digits in any text', async () => {
    const change =
      '{"actions":["create"],"before":null,"after":{"l":[{"id":123456789012345678901}]},"after_sensitive":{"l":[{"id":true}]}}';
    const text = `{"format_version":"1.2","resource_changes":[{"address":"a.b","type":"a","name":"b","change":${change}}]}`;
    for (const store of [STORE_LIMITS, { plainBytes: 0, shelfBytes: 0 }]) {
      const read = await readPlan(chunksOf(text, 30), { store });
      if (!read.ok) throw new Error(JSON.stringify(read.error));
      expect(createMasker(read.value).text('it is 123456789012345678901!')).toBe('it is (sensitive value)!');
    }
  });
});

describe('readPlan', () => {
  it('keeps exact numbers of resources, drift, outputs and deferred changes; checks go on seeing doubles', async () => {
    const change = '{"actions":["create"],"before":null,"after":{"id":123456789012345678901}}';
    const resource = `{"address":"a.b","type":"a","name":"b","change":${change}}`;
    const text = `{"format_version":"1.2","resource_changes":[${resource}],"resource_drift":[${resource}],
      "output_changes":{"o":${change}},"deferred_changes":[{"reason":"x","resource_change":${resource}}]}`;
    const read = await readPlan(chunksOf(text, 3));
    if (!read.ok) throw new Error(JSON.stringify(read.error));
    const { changes, drift, outputs, deferred } = read.value;
    for (const one of [changes[0], drift[0], outputs[0], deferred[0]?.change]) {
      expect(one?.exactNumbers).toEqual({ before: new Map(), after: new Map([['["id"]', '123456789012345678901']]) });
      expect(one?.after).toEqual({ id: 123456789012345680000 });
    }
  });
});
