import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readCommentMarker, writeCommentMarker, type CommentMarker } from '../../src/contracts/comment-marker.ts';
import { hostile, parse } from './gfm.ts';

describe('the marker of a comment', () => {
  it('is one hidden comment, and read again as written, whatever stands in it', () => {
    fc.assert(
      fc.property(hostile, hostile, (one, other) => {
        fc.pre(one.isWellFormed() && other.isWellFormed());
        const marker: CommentMarker = { organization: one, workspace: other, run: one, created: other, stage: 'pre_apply', sha: one };
        const text = writeCommentMarker(marker);
        expect(text).not.toContain('\n');
        expect(readCommentMarker(`${text}\nbody -->`)).toEqual(marker);
        const [first, second] = parse(`${text}\n\nbody`).children;
        expect([first?.type, second?.type]).toEqual(['html', 'paragraph']);
        expect(text.slice(4, -3)).not.toMatch(/--|>/);
      }),
    );
  });

  it.each([
    ['nothing', ''],
    ['another tool’s', '<!-- Sticky Pull Request Comment -->'],
    ['further down', 'a\n<!-- runtask v1 {} -->'],
    ['a later version', '<!-- runtask v2 {} -->'],
    ['incomplete', '<!-- runtask v1 {"organization":"acme"} -->'],
    ['without an end', '<!-- runtask v1 {"organization":"acme"'],
  ])('is not read from %s', (_, body) => {
    expect(readCommentMarker(body)).toBeNull();
  });
});
