import { describe, expect, it } from '@jest/globals';
import { createMasker } from '../../src/plan/masking.ts';
import { diffLines } from '../../src/report/diff-lines.ts';
import { SHORT, WHOLE } from '../../src/report/diff-values.ts';
import { scrambled } from '../plan/credentials.ts';
import { changeJson, planFrom, planJson } from './models.ts';

async function linesOf(before: unknown, after: unknown, more: object = {}, limits = SHORT): Promise<string[]> {
  const actions = before === null ? ['create'] : after === null ? ['delete'] : ['update'];
  const plan = await planFrom(planJson([changeJson('a.b', actions, before, after, more)]));
  const [change] = plan.changes;
  if (change === undefined) throw new Error('no change');
  return diffLines(change, createMasker(plan), '', limits);
}

async function outputLines(before: unknown, after: unknown): Promise<string[]> {
  const plan = await planFrom(planJson([], { output_changes: { o: { actions: ['update'], before, after } } }));
  const [output] = plan.outputs;
  if (output === undefined) throw new Error('no output');
  return diffLines(output, createMasker(plan), output.name);
}

const unknown = (marks: object): object => ({ change: { after_unknown: marks } });
const marked = (marks: object): object => ({ change: { before_sensitive: marks, after_sensitive: marks } });

describe('diffLines, values', () => {
  it('puts short values on one line, those one after the other with their values under each other', async () => {
    expect(await linesOf({ a: 1, longer: 'x' }, { a: 2, longer: 'y', m: { b: 1, c: 'x' }, new: true })).toEqual([
      '! a      = 1 -> 2',
      '! longer = "x" -> "y"',
      '+ m      = { b = 1, c = "x" }',
      '+ new    = true',
    ]);
  });

  it('puts long values on two lines', async () => {
    const [from, to] = ['o'.repeat(60), 'n'.repeat(60)];
    expect(await linesOf({ a: from }, { a: to })).toEqual([`- a = "${from}"`, `+ a = "${to}"`]);
  });

  it('shows of long lines of a text the part that differs', async () => {
    const text = (word: string): string => `first\n${'s'.repeat(500)}${word}${'e'.repeat(500)}\nnew ${word}\nlast\n`;
    expect(await linesOf({ a: text('OLD') }, { a: text('NEW') })).toEqual([
      '! a = <<-EOT',
      '      first',
      `-     …${'s'.repeat(40)}OLD${'e'.repeat(40)}…`,
      '-     new OLD',
      `+     …${'s'.repeat(40)}NEW${'e'.repeat(40)}…`,
      '+     new NEW',
      '      last',
      '  EOT',
    ]);
  });

  it('tells whole texts in a time that grows with their length', async () => {
    const begin = performance.now();
    const lines = await linesOf({ a: 'x\n' }, { a: 'y\n'.repeat(200_000) }, {}, WHOLE);
    expect(lines.length).toBe(200_003);
    expect(performance.now() - begin).toBeLessThan(10_000);
  });

  it('says that a hidden part changes also where something else does', async () => {
    const [one, other] = [`ghp_${scrambled(36)}`, `ghp_${scrambled(36, undefined, 99)}`];
    const text = (token: string, word: string): string => `run ${word}\ntoken ${token}\n`;
    const shown = (note: string): string[] => [
      `! a = <<-EOT${note}`,
      '-     run this',
      '+     run that',
      '      token (withheld: looks like a GitHub token)',
      '  EOT',
    ];
    expect(await linesOf({ a: text(one, 'this') }, { a: text(other, 'that') })).toEqual(shown('  # a hidden part changes, too'));
    expect(await linesOf({ a: text(one, 'this') }, { a: text(one, 'that') })).toEqual(shown(''));
    expect(await linesOf({ a: `a ${one}` }, { a: `b ${other}` })).toEqual([
      '! a = "a (withheld: looks like a GitHub token)" -> "b (withheld: looks like a GitHub token)"  # a hidden part changes, too',
    ]);
  });

  it('tells of rules that change their order beside one that changes', async () => {
    const rules = (...names: string[]): object[] => names.map((path) => ({ path, target: `to ${path}` }));
    expect(
      await linesOf({ rule: rules('/a', '/b', '/c', '/d') }, { rule: [...rules('/c', '/a', '/b'), { path: '/d', target: 'new' }] }),
    ).toEqual([
      '! rule {',
      '      path   = "/d"',
      '!     target = "to /d" -> "new"',
      '  }',
      '  # 3 unchanged rule blocks',
      '! # 1 of the unchanged changes only its place',
    ]);
  });

  it('shows of very long values the part that differs', async () => {
    const lines = await linesOf({ a: `${'s'.repeat(5000)}OLD${'e'.repeat(5000)}` }, { a: `${'s'.repeat(5000)}NEW${'e'.repeat(5000)}` });
    expect(lines.join('\n')).toMatch(/^! a = …s{40}OLDe{40}… -> …s{40}NEWe{40}…$|^- a = …s{40}OLDe{40}…\n\+ a = …s{40}NEWe{40}…$/);
  });

  it('says of a value that is too long how much is missing', async () => {
    expect(await linesOf(null, { a: 'x'.repeat(1000) })).toEqual([`+ a = "${'x'.repeat(398)}…" (602 more characters)`]);
    // The words would be longer than what they stand for.
    expect(await linesOf(null, { a: 'x'.repeat(410) })).toEqual([`+ a = "${'x'.repeat(410)}"`]);
  });

  it('shows what an empty text, null and another type are', async () => {
    expect(await linesOf({ a: '', b: null, c: '1', d: 'x' }, { a: null, b: '', c: 1, d: [] })).toEqual([
      '- a = ""',
      '+ b = ""',
      '! c = "1" -> 1',
      '! d = "x" -> []',
    ]);
  });

  it('tells the computed attributes of a new object in one line', async () => {
    expect(await linesOf(null, { name: 'n' }, unknown({ id: true, arn: true, url: true }))).toEqual([
      '+ name = "n"',
      '+ (known after apply: arn, id, url)',
    ]);
  });

  it('breaks the line of computed attributes where a comment ends, whatever they are called', async () => {
    const names = Array.from({ length: 20 }, (_, i) => `a_longer_attribute_${i}`);
    const lines = await linesOf(null, {}, unknown(Object.fromEntries(names.map((name) => [name, true]))));
    expect(lines.map((line) => line.slice(0, 14))).toEqual(['+ (known after', ...lines.slice(1).map(() => '+     a_longer')]);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(102);
    expect(
      lines
        .join('\n')
        .match(/a_longer_attribute_\d+/g)
        ?.toSorted(),
    ).toEqual(names.toSorted());
  });

  it('keeps short what was there when nobody knows yet what it will be', async () => {
    const before = {
      doc: JSON.stringify({ a: 'x'.repeat(100) }),
      list: [1],
      map: { b: 'x'.repeat(300) },
      text: 'a\nb\n',
      word: 'w'.repeat(100),
    };
    const all = { doc: true, list: true, map: true, text: true, word: true };
    expect(await linesOf(before, {}, unknown(all))).toEqual([
      '! doc  = jsonencode(…) -> (known after apply)',
      '! list = [1] -> (known after apply)',
      '! map  = {…} (1 attribute) -> (known after apply)',
      '! text = (text of 2 lines) -> (known after apply)',
      `! word = "${'w'.repeat(43)}…" (57 more characters) -> (known after apply)`,
    ]);
  });

  it('marks what forces the replacement', async () => {
    expect(await linesOf({ a: 1, l: ['x'] }, { a: 2, l: ['y'] }, { change: { replace_paths: [['a'], ['l', 0]] } })).toEqual([
      '! a = 1 -> 2  # forces replacement',
      '! l = ["x"] -> ["y"]  # forces replacement',
    ]);
  });

  it('marks it within an element that would fit on one line, too', async () => {
    const replace = { change: { replace_paths: [['l', 1, 'id']] } };
    expect(
      await linesOf(
        { l: [{ id: 1, x: 'a' }] },
        {
          l: [
            { id: 1, x: 'a' },
            { id: 2, x: 'b' },
          ],
        },
        replace,
      ),
    ).toEqual(['+ l {', '+     id = 2  # forces replacement', '+     x  = "b"', '+ }', '  # 1 unchanged l block']);
  });
});

describe('diffLines, maps and lists', () => {
  it('tells of a map what changes, and counts the rest', async () => {
    expect(await linesOf({ tags: { 'a': 1, 'b': 2, 'c': 3, 'x y': 1 } }, { tags: { a: 1, b: 3, c: 3, d: 4 } })).toEqual([
      '! tags = {',
      '!     b     = 2 -> 3',
      '+     d     = 4',
      '-     "x y" = 1',
      '      # 2 unchanged attributes',
      '  }',
    ]);
  });

  it('tells of a set what comes and goes', async () => {
    const before = ['10.0.0.0/8', '10.2.0.0/16', '10.3.0.0/16'];
    expect(await linesOf({ cidrs: before }, { cidrs: ['10.1.0.0/16', '10.2.0.0/16', '10.3.0.0/16'] })).toEqual([
      '! cidrs = [',
      '-     "10.0.0.0/8",',
      '+     "10.1.0.0/16",',
      '      # 2 unchanged elements',
      '  ]',
    ]);
  });

  it('tells of a list where it changes', async () => {
    expect(await linesOf({ command: ['z', 'a', 'b', 'c', '-v', 'd'] }, { command: ['z', 'a', 'b', 'c', '-q', 'd'] })).toEqual([
      '! command = [',
      '      # 3 unchanged elements',
      '      "c",',
      '-     "-v",',
      '+     "-q",',
      '      "d",',
      '  ]',
    ]);
  });

  it('says when only the order changes, and in what', async () => {
    const long = Array.from({ length: 30 }, (_, i) => `element-${i}`);
    expect(await linesOf({ a: ['x', 'y', 'z'], b: long }, { a: ['z', 'x', 'y'], b: [...long].reverse() })).toEqual([
      '! a = ["x", "y", "z"] -> ["z", "x", "y"]  # only the order changes',
      '! b = […] (30 elements)  # only the order changes',
    ]);
  });

  it('tells a list that was or becomes empty, or has one element, on one line', async () => {
    expect(await linesOf({ a: [], b: ['x', 'y'], c: ['v1'], d: [1] }, { a: ['x', 'y'], b: [], c: ['v2'], d: null })).toEqual([
      '! a = [] -> ["x", "y"]',
      '! b = ["x", "y"] -> []',
      '! c = ["v1"] -> ["v2"]',
      '- d = [1]',
    ]);
  });

  it('tells a list of objects as blocks, after the attributes, each with what it is known by', async () => {
    const rule = (name: string, port: number, more: object = {}): object => ({
      name,
      port,
      protocol: 'tcp',
      self: false,
      cidrs: ['::/0'],
      ...more,
    });
    expect(
      await linesOf(
        { ingress: [rule('web', 80), rule('old', 22, { cidrs: ['10.0.0.0/8'] }), rule('same', 1)], zone: 'a' },
        { ingress: [rule('same', 1), rule('web', 443), rule('new', 8080, { protocol: 'udp', self: true })], zone: 'b' },
      ),
    ).toEqual([
      '! zone = "a" -> "b"',
      '- ingress {',
      '-     cidrs    = ["10.0.0.0/8"]',
      '-     name     = "old"',
      '-     port     = 22',
      '-     protocol = "tcp"',
      '-     self     = false',
      '- }',
      '! ingress {',
      '      name     = "web"',
      '!     port     = 80 -> 443',
      '      protocol = "tcp"',
      '      # 2 unchanged attributes',
      '  }',
      '+ ingress {',
      '+     cidrs    = ["::/0"]',
      '+     name     = "new"',
      '+     port     = 8080',
      '+     protocol = "udp"',
      '+     self     = true',
      '+ }',
      '  # 1 unchanged ingress block',
    ]);
  });

  it('tells a list of objects of an output as the list that it is', async () => {
    expect(await outputLines([{ id: 1, x: 'a' }], [{ id: 1, x: 'b' }])).toEqual([
      '! o = [',
      '!     {',
      '          id = 1',
      '!         x  = "a" -> "b"',
      '      },',
      '  ]',
    ]);
  });

  it('keeps null in lists and outputs', async () => {
    expect(await linesOf({ l: ['b', 'a'] }, { l: ['b', null, 'a'] })).toEqual([
      '! l = [',
      '      "b",',
      '+     null,',
      '      "a",',
      '  ]',
    ]);
    expect(await outputLines('x', null)).toEqual(['! o = "x" -> null']);
  });
});

describe('diffLines, texts', () => {
  it('compares them line by line, with three lines around', async () => {
    const text = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];
    expect(await linesOf({ a: text.join('\n') }, { a: text.with(5, 'five').join('\n') })).toEqual([
      '! a = <<-EOT',
      '  # 2 unchanged lines',
      '      2',
      '      3',
      '      4',
      '-     5',
      '+     five',
      '      6',
      '      7',
      '      8',
      // Words for it would be as long.
      '      9',
      '  EOT',
    ]);
  });

  it('says when only white space changes, and when the newline at the end does', async () => {
    expect(await linesOf({ a: 'one\ntwo' }, { a: 'one\n  two' })).toEqual([
      '! a = <<-EOT  # only white space changes',
      '      one',
      '-     two',
      '+       two',
      '  EOT',
    ]);
    expect(await linesOf({ a: 'one\ntwo' }, { a: 'one\ntwo\n' })).toEqual([
      '! a = <<-EOT  # the newline at the end comes',
      '  # 2 unchanged lines',
      '  EOT',
    ]);
  });

  it('says when the line endings change, and shows what else does', async () => {
    expect(await linesOf({ a: 'one\r\ntwo\r\nx\r\n' }, { a: 'one\n2\nx\n' })).toEqual([
      '! a = <<-EOT  # line endings change: CRLF -> LF',
      '      one',
      '-     two',
      '+     2',
      '      x',
      '  EOT',
    ]);
  });

  it('shows a long text as far as there is room', async () => {
    const lines = await linesOf(null, { a: Array.from({ length: 200 }, (_, i) => `line ${i}`).join('\n') });
    expect([lines.length, lines[0], lines.at(-3), lines.at(-2), lines.at(-1)]).toEqual([
      83,
      '+ a = <<-EOT',
      '+     line 79',
      '  # … 120 more lines',
      '+ EOT',
    ]);
  });

  it('shows of a long text that changes much one line around each change, and the first eighty', async () => {
    const text = (word: string): string => Array.from({ length: 300 }, (_, i) => (i % 10 === 0 ? `${word} ${i}` : `same ${i}`)).join('\n');
    const lines = await linesOf({ a: text('old') }, { a: text('new') });
    expect(lines.filter((line) => /^[-+]/.test(line))).toHaveLength(60);
    expect(lines.slice(0, 7)).toEqual([
      '! a = <<-EOT',
      '-     old 0',
      '+     new 0',
      '      same 1',
      '  # 7 unchanged lines',
      '      same 9',
      '-     old 10',
    ]);
    const more = await linesOf({ a: `${text('old')}\n${text('older')}` }, { a: `${text('new')}\n${text('newer')}` });
    expect(more.filter((line) => /^[-+]/.test(line))).toHaveLength(80);
    expect(more.at(-2)).toBe('  # … 40 more changed lines');
  });
});

describe('diffLines, documents', () => {
  const json = (value: unknown): string => JSON.stringify(value);

  it('compares JSON in a string as what it says', async () => {
    const policy = (actions: string[], resource: string): string =>
      json({
        Version: '2012-10-17',
        Statement: [
          { Sid: 'A', Effect: 'Allow', Action: actions, Resource: resource },
          { Sid: 'B', Effect: 'Deny' },
        ],
      });
    expect(await linesOf({ policy: policy(['s3:Get', 's3:Put'], '*') }, { policy: policy(['s3:*', 's3:Get', 's3:Put'], '*') })).toEqual([
      '! policy = jsonencode({',
      '!     Statement = [',
      '!         {',
      '!             Action = [',
      '+                 "s3:*",',
      '                  # 2 unchanged elements',
      '              ]',
      '              Effect = "Allow"',
      '              Sid    = "A"',
      '              # 1 unchanged attribute',
      '          },',
      '          # 1 unchanged element',
      '      ]',
      '      # 1 unchanged attribute',
      '  })',
    ]);
  });

  it('shows a new one in short or in parts, with numbers as they are spelled', async () => {
    expect(await linesOf(null, { a: '{"n":12345678901234567890,"f":1.0}', b: json({ long: 'x'.repeat(70) }) })).toEqual([
      '+ a = jsonencode({ f = 1.0, n = 12345678901234567890 })',
      '+ b = jsonencode({',
      `+     long = "${'x'.repeat(70)}"`,
      '+ })',
    ]);
    expect(await linesOf({ a: '{"n":12345678901234567890}' }, { a: '{"n":12345678901234567891}' })).toEqual([
      '! a = jsonencode({',
      '!     n = 12345678901234567890 -> 12345678901234567891',
      '  })',
    ]);
  });

  it('says when only formatting changes', async () => {
    expect(await linesOf({ a: '{"b":1,"c":[]}' }, { a: '{ "c": [], "b": 1 }' })).toEqual(['! a = (JSON, only formatting changes)']);
    expect(await linesOf({ a: 'b: 1\nc:\n  d: two\n' }, { a: 'c: {d:   "two"}\nb: 1\n' })).toEqual([
      '! a = (YAML, only formatting changes)',
    ]);
  });

  it('tells a document that comes where nothing was, or goes', async () => {
    const document = json({
      Statement: [{ Effect: 'Allow', Resource: 'arn:aws:s3:::a-bucket-with-a-long-name-of-its-own' }],
      Version: '2012-10-17',
    });
    const body = ['    Statement = [', '        {', '            Effect   = "Allow"'];
    const [first, second, ...rest] = await linesOf({ a: '' }, { a: document });
    expect([first, second, ...rest.slice(0, 3)]).toEqual(['- a = ""', '+ a = jsonencode({', ...body.map((line) => `+ ${line}`)]);
    expect((await linesOf({ a: document }, { a: 'none' })).slice(0, 2)).toEqual(['- a = jsonencode({', '-     Statement = [']);
    expect(await linesOf({ a: '' }, { a: json({ b: 1 }) })).toEqual(['! a = "" -> jsonencode({ b = 1 })']);
  });

  it('compares what is a document on one side only, and half of one on the other, as text', async () => {
    expect(await linesOf({ a: '{"b":1}' }, { a: '{"b":1' })).toEqual(['! a = "{\\"b\\":1}" -> "{\\"b\\":1"']);
  });

  it('compares a document in a document', async () => {
    const nested = (x: number): string => json({ inner: json({ x, y: 1 }) });
    expect(await linesOf({ a: nested(1) }, { a: nested(2) })).toEqual([
      '! a = jsonencode({',
      '!     inner = jsonencode({',
      '!         x = 1 -> 2',
      '          # 1 unchanged attribute',
      '      })',
      '  })',
    ]);
  });

  it('compares YAML as what it says, and as text where its comments change', async () => {
    const values = (tag: string, comment = ''): string => `${comment}image:\n  repository: nginx\n  tag: "${tag}"\nreplicas: 2\n`;
    expect(await linesOf({ values: [values('1')] }, { values: [values('2')] })).toEqual([
      '! values = [',
      '!     yamlencode({',
      '!         image = {',
      '!             tag = "1" -> "2"',
      '              # 1 unchanged attribute',
      '          }',
      '          # 1 unchanged attribute',
      '      }),',
      '  ]',
    ]);
    expect(await linesOf({ a: values('1') }, { a: values('1', '#cloud-config\n') })).toEqual([
      '! a = <<-EOT',
      '+     #cloud-config',
      '      image:',
      '        repository: nginx',
      '        tag: "1"',
      '      replicas: 2',
      '  EOT',
    ]);
  });
});

describe('diffLines, what is hidden', () => {
  it('tells that a hidden value changes, and nothing of it', async () => {
    expect(await linesOf({ a: 'one-secret', b: 1 }, { a: 'another-secret', b: 2 }, marked({ a: true }))).toEqual([
      '! a = (sensitive value) (changed)',
      '! b = 1 -> 2',
    ]);
    expect(await linesOf(null, { a: 'one-secret' }, marked({ a: true }))).toEqual(['+ a = (sensitive value)']);
    expect(await linesOf({ a: 'one-secret', b: 'line\none-secret' }, { a: 'one-secret', b: 'line\nx' }, marked({ a: true }))).toEqual([
      '! b = <<-EOT',
      '      line',
      '-     (sensitive value)',
      '+     x',
      '  EOT',
    ]);
  });

  it('tells that only the mark comes or goes', async () => {
    const change = { before_sensitive: { b: true }, after_sensitive: { a: true } };
    expect(await linesOf({ a: 'x', b: 'y' }, { a: 'x', b: 'y' }, { change })).toEqual([
      '! a = (sensitive value)  # is marked as sensitive from now on, the value stays',
      '! b = (sensitive value)  # is no longer marked as sensitive, the value stays',
    ]);
  });

  it('tells a change within the hidden part of a text as such', async () => {
    const texts = (secret: string): object => ({ key: secret, text: `line\n${secret}`, url: `db://u:${secret}@h` });
    expect(await linesOf(texts('old-secret-1'), texts('new-secret-2'), marked({ key: true }))).toEqual([
      '! key  = (sensitive value) (changed)',
      '! text = (text of 2 lines)  # a hidden part changes',
      '! url  = "db://u:(sensitive value)@h"  # a hidden part changes',
    ]);
  });

  it('hides within a document', async () => {
    const before = { key: 'old-secret-1', doc: JSON.stringify({ password: 'old-secret-1', url: 'db://old-secret-1@h', x: 1 }) };
    const after = { key: 'new-secret-2', doc: JSON.stringify({ password: 'new-secret-2', url: 'db://new-secret-2@h', x: 2 }) };
    expect(await linesOf(before, after, marked({ key: true }))).toEqual([
      '! doc = jsonencode({',
      '!     password = (sensitive value) (changed)',
      '!     url      = "db://(sensitive value)@h"  # a hidden part changes',
      '!     x        = 1 -> 2',
      '  })',
      '! key = (sensitive value) (changed)',
    ]);
  });

  it('shows a document as masked text where a secret reaches over its parts', async () => {
    const secret = '"alpha-one","beta-two"';
    const after = { key: secret, doc: `[${secret},"x"]` };
    expect(await linesOf(null, after, marked({ key: true }))).toEqual([
      '+ doc = "[(sensitive value),\\"x\\"]"',
      '+ key = (sensitive value)',
    ]);
  });
});

describe('diffLines, size', () => {
  const wide = (count: number, value: number): object => Object.fromEntries(Array.from({ length: count }, (_, i) => [`key_${i}`, value]));

  it('drops what stays before what changes', async () => {
    const blocks = (value: number): object[] =>
      Array.from({ length: 70 }, (_, i) => ({ name: `n${i}`, type: 't', port: 1, x: value, y: 1, z: 1 }));
    const lines = await linesOf({ b: blocks(1) }, { b: blocks(2) });
    expect(lines).toHaveLength(211);
    expect(lines.slice(0, 3)).toEqual(['! b {', '!     x    = 1 -> 2', '  }']);
    expect(lines.at(-1)).toBe('  # … 280 lines of what stays are left out');
  });

  it('counts what is left out, and closes what it opened', async () => {
    const lines = await linesOf({ m: wide(1000, 1) }, { m: wide(1000, 2) });
    expect(lines).toHaveLength(SHORT.lines);
    expect(lines.slice(-3)).toEqual([
      expect.stringMatching(/^! {5}key_/),
      '  }',
      '  # … 703 more lines, and all of what stays, are left out',
    ]);
  });

  it('leaves nothing out where all is asked for', async () => {
    const text = Array.from({ length: 500 }, (_, i) => `line ${i}`).join('\n');
    const [from, to] = ['o'.repeat(900), 'n'.repeat(900)];
    const all = await linesOf({ m: wide(1000, 1), from }, { m: wide(1000, 2), from: to, text }, {}, WHOLE);
    expect(all.filter((line) => line.includes('key_'))).toHaveLength(1000);
    expect(all.filter((line) => line.startsWith('+     line '))).toHaveLength(500);
    expect(all).toEqual(expect.arrayContaining([`- from = "${from}"`, `+ from = "${to}"`]));
    expect(all.join('\n')).not.toContain('left out');
  });

  it('tells what stands very deep by its path', async () => {
    const deep = (value: number): unknown => Array.from({ length: 400 }).reduce((inner) => ({ d: inner, l: [1] }), value as unknown);
    const lines = await linesOf({ a: deep(1) }, { a: deep(2) });
    expect(lines.length).toBeLessThan(100);
    expect(lines.some((line) => /^! +…\.d\.d\.d\..*\.d = 1 -> 2$/.test(line))).toBe(true);
  });

  it('takes no long for what is wide, deep or nothing but different', async () => {
    const list = (word: string): unknown[] =>
      Array.from({ length: 10_000 }, (_, i) => ({ name: `${word}${i}`, a: i, b: [i], c: { d: i % 7 } }));
    const started = performance.now();
    await linesOf({ l: list('a') }, { l: list('b') });
    await linesOf({ l: list('a') }, { l: list('a').reverse() });
    await linesOf({ l: list('a').map((x) => JSON.stringify(x)) }, { l: list('b').map((x) => JSON.stringify(x)) });
    await linesOf({ l: list('a').join('\n'), m: wide(20_000, 1) }, { l: list('b').join('\n'), m: wide(20_000, 2) });
    // Quadratic work would take minutes; this takes one second on a quiet machine.
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
