// The scanners: which blocks a file has and on which lines, whatever strings, templates, heredocs and comments hold.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ConfigurationBlock } from '../../../src/checks/locate/block.ts';
import { moduleNames } from '../../../src/checks/locate/module-names.ts';
import { scanHcl } from '../../../src/checks/locate/scan-hcl.ts';
import { scanJson } from '../../../src/checks/locate/scan-json.ts';

/** `resource aws_x a:1 acl:2 tags:3` */
const told = (blocks: readonly ConfigurationBlock[]): string[] =>
  blocks.map(({ keyword, labels, line, members }) =>
    [`${[keyword, ...labels].join(' ')}:${line}`, ...[...members].map(([name, at]) => `${name}:${at}`)].join(' '),
  );

describe('scanHcl', () => {
  it.each<[string, string, string[]]>([
    [
      'blocks and attributes',
      'resource "aws_x" "a" {\n  acl = "private"\n\n  tags = {\n    acl = 1\n  }\n}\n',
      ['resource aws_x a:1 acl:2 tags:4'],
    ],
    [
      'a block on one line',
      'resource "aws_x" "a" { acl = "x" }\nmodule "b" { source = "./b" }',
      ['resource aws_x a:1 acl:1', 'module b:2 source:2'],
    ],
    [
      'nested blocks, dynamic ones too',
      'resource "a" "b" {\n  ingress {\n    port = 1\n  }\n  ingress {}\n  dynamic "egress" {\n    for_each = []\n  }\n}',
      ['resource a b:1 ingress:2 egress:6'],
    ],
    ['names without quotes', 'data aws_x a {\n  b = 1\n}', ['data aws_x a:1 b:2']],
    ['CRLF and a byte order mark', '\ufeffresource "a" "b" {\r\n  c = 1\r\n}\r\n', ['resource a b:1 c:2']],
    [
      'comments of all three kinds',
      '# resource "a" "b" {\n// {\n/* resource "a" "c" {\n {{ */ resource "a" "d" {\n  # x = 1\n  y = 1 /* { */\n}',
      ['resource a d:4 y:6'],
    ],
    [
      'braces and quotes in strings',
      'resource "a" "b" {\n  c = "}\\"{"\n  d = 1\n}\nresource "a" "e" {}',
      ['resource a b:1 c:2 d:3', 'resource a e:5'],
    ],
    [
      'templates with strings with templates',
      'resource "a" "b" {\n  c = "x${f("}${g("{")}", { k = "v" })}"\n  d = 1\n}',
      ['resource a b:1 c:2 d:3'],
    ],
    ['templates over several lines', 'resource "a" "b" {\n  c = "${f(\n    1\n  )}"\n  d = 1\n}', ['resource a b:1 c:2 d:5']],
    ['escaped templates', 'resource "a" "b" {\n  c = "$${ %%{ {"\n  d = 1\n}', ['resource a b:1 c:2 d:3']],
    [
      'heredocs',
      'resource "a" "b" {\n  c = <<-EOT\n    resource "x" "y" {\n    EOT not yet\n    "\n  EOT\n  d = <<X\n}\nX\n  e = 1\n}',
      ['resource a b:1 c:2 d:7 e:10'],
    ],
    [
      'expressions over several lines',
      'resource "a" "b" {\n  c = [\n    for x in y : {\n      d = x\n    }\n  ]\n  e = x ? { f = 1 } : { g = 2 }\n  h = a == b\n}',
      ['resource a b:1 c:2 e:7 h:8'],
    ],
    ['the first of two', 'resource "a" "b" {\n  c {}\n  c {}\n}', ['resource a b:1 c:2']],
    [
      'names that objects have',
      'resource "constructor" "__proto__" {\n  __proto__ = 1\n}',
      ['resource constructor __proto__:1 __proto__:2'],
    ],
    ['a string that was not closed ends with its line', 'resource "a" "b" {\n  c = "open\n  d = 1\n}', ['resource a b:1 c:2 d:3']],
    ['nothing', '', []],
  ])('%s', (_what, source, blocks) => expect(told(scanHcl(source))).toEqual(blocks));
});

describe('scanJson', () => {
  it('has resources, data and modules with their lines, lists of them too', () => {
    const source = `{
  "//": "resource",
  "resource": {
    "aws_x": {
      "a": {
        "acl": "private", "tags": { "acl": 1 },
        "ingress": [{ "port": 1 }]
      }
    }
  },
  "data": [{ "aws_y": [{ "b": [{ "q": 1 }] }] }],
  "module": {
    "net": { "source": "./net" } },
  "constructor": { "a": { "b": {} } }
}`;
    expect(told(scanJson(source))).toEqual([
      'resource aws_x a:5 acl:6 tags:6 ingress:7',
      'data aws_y b:11 q:11',
      'module net:13 source:13',
    ]);
  });
});

describe('both', () => {
  const pieces = fc.constantFrom(
    '"',
    '{',
    '}',
    '[',
    ']',
    '(',
    '${',
    '%{',
    '\\',
    '\n',
    '<<A\n',
    'A\n',
    '/*',
    '*/',
    '#',
    '=',
    ':',
    ',',
    ' ',
    'resource',
    '"a"',
    'é',
    '\ud83d',
  );
  it('take any text', () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 200 }), (parts) => {
        const text = parts.join('');
        const lines = text.split('\n').length;
        for (const { line, members } of [...scanHcl(text), ...scanJson(text)])
          for (const at of [line, ...members.values()]) expect(at >= 1 && at <= lines).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it.each<[string, string]>([
    ['braces', '{'],
    ['quotes', '"a" '],
    ['escaped quotes', '\\"'],
    ['templates', '"${'],
    ['heredocs', '<<A '],
    ['comments', '/*'],
    ['names', 'a '],
    ['brackets with keys', '{"a":'],
  ])('need time in proportion to the text: %s', (_what, piece) => {
    const took = (n: number): number => {
      const text = piece.repeat(n);
      const start = process.cpuUsage();
      scanHcl(text);
      scanJson(text);
      const { user, system } = process.cpuUsage(start);
      return (user + system) / 1000;
    };
    // A million characters, the largest file that is read. Quadratic would be hours.
    expect(took(Math.floor(1_000_000 / piece.length))).toBeLessThan(5000);
  });
});

describe('moduleNames', () => {
  it.each<[string, string[] | null]>([
    ['', []],
    ['module.a', ['a']],
    ['module.a.module.b', ['a', 'b']],
    ['module.a["x.module.y"].module.b[0]', ['a', 'b']],
    ['module.a["\\"].module.c[\\""].module.b', ['a', 'b']],
    ['module.a.aws_x.y', null],
    ['module.a[', null],
    ['a', null],
  ])('%j', (address, names) => expect(moduleNames(address)).toEqual(names));
});
