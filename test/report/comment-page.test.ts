import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { renderComment } from '../../src/report/comment.ts';
import { renderCommentPage, toHtml } from '../../src/report/comment-page.ts';
import { hostile } from './gfm.ts';
import { aModel, changeJson, planFrom, planJson } from './models.ts';

// What a page may hold: the elements that marked writes for our Markdown, ours, and the alert's icon; attributes only these.
const TAG =
  /^<(?:\/?(?:p|ul|ol|li|h[1-6]|pre|code|strong|em|del|blockquote|table|thead|tbody|tr|hr|br|details|summary|b|i|sub|sup|div|span|svg|path|a|th|td)|details open|ol start="\d+"|a href="https?:\/\/[^"<>\s]*" rel="nofollow noopener"|div class="(?:highlight highlight-source-diff|markdown-alert markdown-alert-[a-z]+)"|p class="markdown-alert-title"|span class="diff-[a-z]+"|svg class="octicon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"|path d="[^"]+"|t[hd] align="[a-z]+"|input (?:checked="" )?disabled="" type="checkbox")>$/;

const foreign = (html: string): string[] => (html.match(/<[^>]*>?/g) ?? []).filter((tag) => !TAG.test(tag));

describe('toHtml', () => {
  it('lets no tag, attribute, image or address through that we do not write ourselves', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(foreign(toHtml(text))).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  it('shows an alert as GitHub does', () => {
    const html = toHtml('> [!CAUTION]\n> **Destroys 1**\n>\n> - `a.b`');
    expect(html).toContain('class="markdown-alert markdown-alert-caution"');
    expect(html).toContain('<p><strong>Destroys 1</strong></p>');
    expect(html).not.toContain('[!CAUTION]');
  });

  it('colours the lines of a diff', () => {
    expect(toHtml('```diff\n+ a\n- b\n! <c>\n  d\n```')).toContain(
      '<span class="diff-add">+ a</span>\n<span class="diff-del">- b</span>\n<span class="diff-chg">! &lt;c&gt;</span>\n  d',
    );
  });

  it('takes no comment, script, style or handler over', () => {
    expect(toHtml('<!-- x --><script>1</script><b onclick="x">y</b>\n\n<style>z</style>')).not.toMatch(/<!--|<script|<style|<b on/);
  });
});

describe('renderCommentPage', () => {
  it('is self-contained: no script, nothing loaded from anywhere', async () => {
    const plan = await planFrom(planJson([changeJson('a.b', ['create'], null, { x: '<script src=https://evil.example></script>' })]));
    const page = renderCommentPage(renderComment(aModel(plan)), { title: '<t>', css: '.x{}</style>' });
    expect(page).toContain('<title>&lt;t&gt;</title>');
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/<script|<link|<img|@import/);
    expect(page.match(/<\/style>/g)).toHaveLength(1);
  });
});
