// A page that shows Markdown of ours as GitHub would show the comment: for the demo and `runtask render --format comment-page`, which need
// to be looked at without GitHub. Self-contained, no script. The style sheet is the caller's (github-markdown-css).
//
// The Markdown is safe already (escape.ts); here the same is asked again of the HTML, because a page opened from a disk has no
// sanitiser of GitHub's behind it: tags outside a short list are shown as text, links go to http(s), images are not loaded.
import { Marked, type RendererObject, type Tokens } from 'marked';
import { escapeHtml, oneLine, safeUrl } from './escape.ts';

export interface PageOptions {
  readonly title: string;
  /** A style sheet for `.markdown-body`. */
  readonly css: string;
}

export function renderCommentPage(markdown: string, { title, css }: PageOptions): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(oneLine(title))}</title>
<style>
${css.replaceAll('</', '<\\/')}
${FRAME_CSS}
</style>
</head>
<body>
<article class="comment">
<header><b>runtask</b> <span>commented on this pull request</span></header>
<div class="markdown-body">
${toHtml(markdown)}
</div>
</article>
</body>
</html>
`;
}

/** GitHub Flavored Markdown with alerts, sanitised. */
export function toHtml(markdown: string): string {
  const marked = new Marked({ gfm: true, async: false, renderer: RENDERER });
  return marked.parse(markdown, { async: false });
}

const ALERT = /^\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*\n?/;

const RENDERER: RendererObject = {
  html: ({ text }) => sanitise(text),
  // marked leaves text alone between tags such as <code> or <script>, which may be none any more once they are sanitised.
  text(token) {
    return 'tokens' in token && token.tokens !== undefined ? this.parser.parseInline(token.tokens) : escapeText(token.text);
  },
  image: ({ text, href }) => escapeHtml(`![${text}](${href})`),
  link({ href, tokens }) {
    const label = this.parser.parseInline(tokens);
    const url = safeUrl(href);
    return url === null ? label : `<a href="${escapeHtml(url)}" rel="nofollow noopener">${label}</a>`;
  },
  code: ({ text, lang }) =>
    lang === 'diff'
      ? `<div class="highlight highlight-source-diff"><pre>${text.split('\n').map(diffLine).join('\n')}</pre></div>\n`
      : `<pre><code>${escapeHtml(text)}</code></pre>\n`,
  blockquote(token) {
    const kind = ALERT.exec(token.text)?.[1];
    if (kind === undefined) return `<blockquote>\n${this.parser.parse(token.tokens)}</blockquote>\n`;
    const name = kind.charAt(0) + kind.slice(1).toLowerCase();
    const body = this.parser.parse(withoutAlertLine(token));
    const icon = `<svg class="octicon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d="${ALERT_ICON}"></path></svg>`;
    return `<div class="markdown-alert markdown-alert-${kind.toLowerCase()}"><p class="markdown-alert-title">${icon}${name}</p>\n${body}</div>\n`;
  },
};

/** The first paragraph begins with `[!KIND]`; the rest of it is the alert's text. */
function withoutAlertLine(quote: Tokens.Blockquote): Tokens.Blockquote['tokens'] {
  const text = quote.text.replace(ALERT, '');
  return new Marked({ gfm: true }).lexer(text);
}

// A plain exclamation mark in an octagon, drawn for this page.
const ALERT_ICON =
  'M5 1h6l4 4v6l-4 4H5l-4-4V5zM5.6 2.5 2.5 5.6v4.8l3.1 3.1h4.8l3.1-3.1V5.6l-3.1-3.1zM7.25 4.5h1.5v4.25h-1.5zM8 10.25a1 1 0 1 1 0 2 1 1 0 0 1 0-2z';

/** Entities are the Markdown's and stay. */
const escapeText = (text: string): string => escapeHtml(text).replace(/&amp;(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,31});/g, '&$1;');

/** GitHub colours a line of a diff by its first character. */
function diffLine(line: string): string {
  const kind = line.startsWith('+')
    ? 'add'
    : line.startsWith('-')
      ? 'del'
      : line.startsWith('!')
        ? 'chg'
        : line.startsWith('@@')
          ? 'hunk'
          : null;
  return kind === null ? escapeHtml(line) : `<span class="diff-${kind}">${escapeHtml(line)}</span>`;
}

const ALLOWED = /^<(?:\/?(?:details|summary|code|b|strong|em|i|sub|sup|br)|details open|br \/)>$/;

/** Tags that we write ourselves pass, without attributes; links are checked like Markdown's; everything else is text. */
function sanitise(html: string): string {
  return html
    .replace(/<!--[\s\S]*?-->/g, '')
    .split(/(<[^<>]*>)/)
    .map((part, index) => {
      if (index % 2 === 0) return part.replaceAll('<', '&lt;').replaceAll('>', '&gt;');
      return ALLOWED.test(part) ? part : escapeHtml(part);
    })
    .join('');
}

// The frame of a comment, and the colours of a diff (GitHub's, 2026-11, light and dark).
const FRAME_CSS = `
body { margin: 0; padding: 24px 16px; background: #fff; color-scheme: light dark; font-family: -apple-system, BlinkMacSystemFont, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; }
.comment { max-width: 920px; margin: 0 auto; border: 1px solid #d1d9e0; border-radius: 6px; overflow: hidden; }
.comment > header { padding: 8px 16px; background: #f6f8fa; border-bottom: 1px solid #d1d9e0; font-size: 14px; color: #1f2328; }
.comment > header span { color: #59636e; }
.comment > .markdown-body { padding: 16px; font-size: 14px; }
.markdown-alert-title svg { margin-right: 8px; fill: currentColor; }
.markdown-body summary { cursor: pointer; }
.markdown-body details { margin-bottom: 8px; }
.markdown-body details > summary + * { margin-top: 8px; }
.markdown-body .highlight pre { padding: 16px; overflow: auto; font-size: 85%; line-height: 1.45; background: #f6f8fa; border-radius: 6px; }
.diff-add { color: #116329; background: #dafbe1; } .diff-del { color: #82071e; background: #ffebe9; }
.diff-chg { color: #953800; background: #ffd8b5; } .diff-hunk { color: #8250df; font-weight: bold; }
@media (prefers-color-scheme: dark) {
  body { background: #0d1117; } .comment { border-color: #3d444d; }
  .comment > header { background: #151b23; border-color: #3d444d; color: #f0f6fc; } .comment > header span { color: #9198a1; }
  .markdown-body .highlight pre { background: #151b23; }
  .diff-add { color: #aff5b4; background: #033a16; } .diff-del { color: #ffdcd7; background: #67060c; }
  .diff-chg { color: #ffdfb6; background: #5a1e02; } .diff-hunk { color: #d2a8ff; }
}
`;
