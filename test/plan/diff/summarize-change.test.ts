import { describe, expect, it } from '@jest/globals';
import { onlyMetadata, summarizeChange } from '../../../src/plan/diff/summarize-change.ts';
import type { ResourceChange } from '../../../src/plan/model.ts';
import { buildResource } from '../build-plan.ts';

describe('summarizeChange', () => {
  it('names the top-level attributes that change', () => {
    const change = buildResource({
      before: { a: 1, b: { c: 1 }, d: null, same: 1, gone: [1], s: 'x', t: 'x' },
      after: { a: 2, b: { c: 2 }, same: 1, s: 'y', t: 'x' },
      unknown: { id: true, b: {} },
      afterSensitive: { s: true, t: true },
    });
    expect(summarizeChange(change)).toEqual(['a', 'b', 'gone', 'id', 's', 't']);
  });

  it('names what changes only in digits that a double does not hold', () => {
    const value = { n: 2 ** 60, l: [2 ** 60] };
    const exactNumbers = { before: new Map([['["n"]', '1152921504606846977']]), after: new Map([['["l",0]', '1152921504606846977']]) };
    expect(summarizeChange(buildResource({ before: value, after: value, exactNumbers }))).toEqual(['l', 'n']);
  });

  it('names nothing of an object that is marked as a whole', () => {
    expect(summarizeChange(buildResource({ before: { a: 1 }, after: { a: 2 }, afterSensitive: true }))).toEqual([]);
  });
});

describe('onlyMetadata', () => {
  const update = (before: object, after: object, more: Partial<ResourceChange> = {}): ReturnType<typeof onlyMetadata> =>
    onlyMetadata(buildResource({ before, after, ...more } as Partial<ResourceChange>));

  it('tells labels, and what is Terraform’s own', () => {
    expect(update({ tags: { a: 1 }, tags_all: { a: 1 } }, { tags: { a: 2 } }, { unknown: { tags_all: true } })).toBe('labels');
    expect(update({ labels: null }, { labels: { a: 'b' }, timeouts: { create: '5m' } })).toBe('labels');
    expect(update({ timeouts: null }, { timeouts: { create: '5m' } })).toBe('bookkeeping');
  });

  it('takes nothing for a label that may be more', () => {
    expect(update({ tags: { a: 1 }, x: 1 }, { tags: { a: 2 }, x: 2 })).toBeNull();
    // Google's network tags: firewall rules aim at them.
    expect(update({ tags: ['web'] }, { tags: ['web', 'ssh'] })).toBeNull();
    expect(update({ annotations: { a: 1 } }, { annotations: { a: 2 } }, { type: 'kubernetes_annotations' })).toBeNull();
    expect(update({ tags: { a: 1 } }, { tags: { a: 1 } })).toBeNull();
    expect(update({ tags: { a: 1 } }, { tags: { a: 2 } }, { actions: ['delete', 'create'] })).toBeNull();
  });
});
