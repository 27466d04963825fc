import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cut } from '../../src/base/cut.ts';
import {
  code,
  fence,
  helpText,
  htmlCode,
  htmlProse,
  link,
  jsonText,
  logLine,
  logLines,
  oneLine,
  prose,
  safeUrl,
  visible,
} from '../../src/report/escape.ts';
import { HARMLESS, hostile, inspect, nodes, parse } from './gfm.ts';

const bare = (text: string): string => text.replace(/[\s\u00a0`]+/g, '');

describe('code', () => {
  it('is one piece of inline code that says what was written, whatever was written', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const root = parse(`x ${code(text)} y`);
        expect(root.children.map((child) => child.type)).toEqual(['paragraph']);
        const inner = nodes(root).filter((node) => node.type === 'inlineCode');
        expect(inner).toHaveLength(1);
        expect(bare(inner[0]?.type === 'inlineCode' ? inner[0].value : '')).toBe(bare(oneLine(text)));
      }),
      { numRuns: 500 },
    );
  });
});

describe('prose', () => {
  it('is one paragraph of text and code, in which nothing acts, and which says what was written', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const markdown = `x ${prose(text)} y`;
        const root = parse(markdown);
        expect(root.children.map((child) => child.type)).toEqual(['paragraph']);
        const kinds = new Set(nodes(root).map((node) => node.type));
        expect([...kinds].filter((kind) => !['root', 'paragraph', 'text', 'inlineCode'].includes(kind))).toEqual([]);
        expect(inspect(markdown)).toEqual({ ...HARMLESS, links: [] });
        const said = nodes(root).map((node) => (node.type === 'text' || node.type === 'inlineCode' ? node.value : ''));
        expect(bare(said.join(''))).toBe(bare(`x${oneLine(text)}y`));
      }),
      { numRuns: 1500 },
    );
  });

  it('stays a paragraph at the beginning of a line and of a list item', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const said = prose(text);
        fc.pre(said.trim() !== '');
        const item = parse(`- ${said}`).children;
        expect(item.map((child) => child.type)).toEqual(['list']);
        const inside = nodes({ type: 'root', children: item }).map((node) => node.type);
        expect(inside.filter((kind) => !['root', 'list', 'listItem', 'paragraph', 'text', 'inlineCode'].includes(kind))).toEqual([]);
        expect(inside.filter((kind) => kind === 'list')).toHaveLength(1);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps names readable', () => {
    expect(prose('aws_s3_bucket.logs lacks Owner, see `tags` (at 2 places)')).toBe(
      'aws_s3_bucket.logs lacks Owner, see `tags` (at 2 places)',
    );
  });

  it('shows a mention as code, without the bracket around it', () => {
    expect(prose('ask (@acme/team), or #7.')).toBe('ask (`@acme/team`), or `#7`.');
  });
});

describe('htmlCode and htmlProse', () => {
  it('leave nothing for the HTML block to read', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const markdown = `<details><summary>${htmlCode(text)} · ${htmlProse(text)}</summary>\n\nbody\n\n</details>`;
        expect(inspect(markdown)).toEqual({ ...HARMLESS, links: [] });
        expect(parse(markdown).children.map((child) => child.type)).toEqual(['html', 'paragraph', 'html']);
      }),
      { numRuns: 500 },
    );
  });
});

describe('fence', () => {
  it('is one code block that holds every line', () => {
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1, maxLength: 4 }), (lines) => {
        const root = parse(`before\n\n${fence(lines, 'diff')}\n\nafter`);
        expect(root.children.map((child) => child.type)).toEqual(['paragraph', 'code', 'paragraph']);
        const block = root.children[1];
        expect(block?.type === 'code' ? block.value : null).toBe(lines.map(visible).join('\n'));
      }),
      { numRuns: 500 },
    );
  });
});

describe('helpText', () => {
  it('has paragraphs, bullets, code and http(s) links, and nothing else', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const root = parse(helpText(text));
        const kinds = new Set(nodes(root).map((node) => node.type));
        const allowed = ['root', 'paragraph', 'list', 'listItem', 'text', 'inlineCode', 'link'];
        expect([...kinds].filter((kind) => !allowed.includes(kind))).toEqual([]);
        const seen = inspect(helpText(text));
        expect({ ...seen, links: seen.links.filter((url) => !/^https?:\/\//.test(url)) }).toEqual({ ...HARMLESS, links: [] });
      }),
      { numRuns: 500 },
    );
  });

  it('keeps code apart from the label of an address that is too long to follow', () => {
    expect(helpText(`see @mehttps://example.com/${'x'.repeat(3000)}`)).toBe(`see \`@me\` \`example.com/${'x'.repeat(67)}…\``);
  });

  it('links an address without the full stop behind it', () => {
    expect(helpText('- See https://wiki.example.com/a_b?c=d&e=f.\n- Or `do this`')).toBe(
      '- See [`wiki.example.com/a_b?c=d&e=f`](https://wiki.example.com/a_b?c=d&amp;e=f).\n- Or `do this`',
    );
  });
});

describe('safeUrl and link', () => {
  it.each([
    ['javascript:alert(1)', null],
    ['data:text/html,x', null],
    ['https://user:secret@example.com/', null],
    ['/relative', null],
    ['', null],
    ['https://example.com/a b(c)<d>', 'https://example.com/a%20b%28c%29%3Cd%3E'],
    ['HTTPS://Example.com', 'https://example.com/'],
  ])('%s becomes %s', (url, expected) => {
    expect(safeUrl(url)).toBe(expected);
  });

  it('is one link with its label, or the label alone', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const url = `https://example.com/${text}`;
        const markdown = link('label', url);
        const links = nodes(parse(markdown)).filter((node) => node.type === 'link');
        expect(links.length).toBe(safeUrl(url) === null ? 0 : 1);
        expect(inspect(markdown)).toMatchObject({ foreignHtml: [], images: 0, active: [] });
      }),
      { numRuns: 300 },
    );
  });
});

describe('visible', () => {
  it('leaves no character that hides or turns its neighbours', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(visible(text)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/);
        expect(visible(text).isWellFormed()).toBe(true);
      }),
    );
  });

  it('writes them as HCL and JSON would', () => {
    expect(oneLine('a\u202eb\u0000\r\nc\u{e0041}\ud83d<!-- x')).toBe('a\\u202eb\\u0000\\nc\\U000e0041\\ud83d<\\!-- x');
  });
});

describe('cut', () => {
  it('is never longer than asked, never half a surrogate pair, and a prefix', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 0, max: 20 }), (text, max) => {
        const short = cut(text, max);
        expect(short.length).toBeLessThanOrEqual(max);
        expect(short.isWellFormed()).toBe(true);
        expect(text.startsWith(short.replace(/…$/, ''))).toBe(true);
      }),
    );
  });
});

describe('logLine', () => {
  it('is no command to the runner, and one line', () => {
    fc.assert(
      fc.property(hostile, fc.constantFrom('', '  ', '\t'), (text, indent) => {
        for (const line of [logLine(indent + text), ...logLines(text)]) {
          expect(line).not.toMatch(/^\s*::|##\[|[\n\r\u001b]/);
        }
      }),
    );
  });
});

describe('jsonText', () => {
  const hostile = {
    'a ##[add-mask]x': ['\u009b2J', '\u202e', '\u{e0041}', '\ud800', 'a\nb\tc', '##[group]', '\\u0023'],
    'b': {},
    'c': null,
  };

  it('is the same document', () => expect(JSON.parse(jsonText(hostile))).toEqual(hostile));

  it('has nothing that a terminal or a runner obeys', () => {
    const text = jsonText(hostile);
    expect(text.replaceAll('\n', '')).toBe(
      String.raw`{  "a #\u0023[add-mask]x": [    "\u009b2J",    "\u202e",    "\udb40\udc41",    "\ud800",    "a\nb\tc",    "#\u0023[group]",    "\\u0023"  ],  "b": {},  "c": null}`,
    );
  });
});
