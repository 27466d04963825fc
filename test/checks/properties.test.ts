// Properties that hold for whatever arrives: nothing throws, nothing hidden is seen, nothing unknown is read.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { overlay, raiseUnknown, showText, UnknownValue, WHOLE } from '../../src/checks/cel/unknown.ts';
import { splitTemplate } from '../../src/checks/cel/template.ts';
import { readChecksFile } from '../../src/checks/checks-file.ts';
import { sarif } from '../../src/checks/reports/sarif.ts';
import type { Json } from '../../src/contracts/json.ts';
import { decideVerdict } from '../../src/findings/verdict.ts';
import type { CheckResult } from '../../src/findings/finding.ts';
import { aFinding, aResult } from './builders.ts';

const SENTINEL = 'never-to-be-seen';

/** A value with the sentinel at exactly the marked places. Keys are such as plans have, and such as attackers like. */
const marked: fc.Arbitrary<{ value: Json; marks: Json }> = fc.letrec<{ node: { value: Json; marks: Json } }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    fc.constant({ value: SENTINEL as Json, marks: true as Json }),
    fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)).map((value) => ({ value: value as Json, marks: false as Json })),
    fc
      .array(tie('node'), { maxLength: 4 })
      .map((nodes) => ({ value: nodes.map((node) => node.value), marks: nodes.map((node) => node.marks) })),
    fc
      .dictionary(
        fc.oneof(fc.constantFrom('a', 'b', '__proto__', 'constructor', 'toString', '0'), fc.string({ maxLength: 3 })),
        tie('node'),
        { maxKeys: 4 },
      )
      .map((nodes) => ({
        value: Object.fromEntries(Object.entries(nodes).map(([key, node]) => [key, node.value])),
        marks: Object.fromEntries(Object.entries(nodes).map(([key, node]) => [key, node.marks])),
      })),
  ),
})).node;

describe('overlay', () => {
  it('shows nothing of what is marked', () => {
    fc.assert(
      fc.property(marked, ({ value, marks }) => {
        const shown = overlay(value, marks, showText('hidden'));
        expect(shown === WHOLE ? '' : JSON.stringify(shown)).not.toContain(SENTINEL);
      }),
    );
  });

  it('shows nothing of what is marked when marks are of another shape than the value', () => {
    fc.assert(
      fc.property(marked, fc.jsonValue(), ({ value, marks }, other) => {
        // The other way round: marks of one value on another must not throw either.
        overlay(other, marks, showText('hidden'));
        const shown = overlay({ a: value }, { a: marks === false ? true : marks }, showText('hidden'));
        if (typeof marks !== 'object') expect(JSON.stringify(shown)).not.toContain(SENTINEL);
      }),
    );
  });

  it('raises for whoever reads all of it, exactly if something is marked, and never changes the value', () => {
    fc.assert(
      fc.property(marked, ({ value, marks }) => {
        const before = JSON.stringify(value);
        const guarded = overlay(value, marks, raiseUnknown);
        const read = (): string => JSON.stringify(guarded);
        if (guarded === WHOLE) expect(before).toContain(SENTINEL);
        else if (before.includes(SENTINEL)) expect(read).toThrow(UnknownValue);
        else expect(read()).toBe(before);
        expect(JSON.stringify(value)).toBe(before);
      }),
    );
  });
});

describe('whatever arrives', () => {
  it('a checks file of any text is read or has a diagnostic with a line', () => {
    const yaml = fc.array(
      fc.constantFrom(
        'version: 1',
        'checks:',
        '  - name: a',
        '    cel: {',
        'assert: "',
        '}',
        '*a',
        '&a',
        '- ',
        ': ',
        '\t',
        '"',
        '|',
        '>',
        '${',
        '!!',
        '\n',
        '\n',
        ' ',
      ),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          yaml.map((parts) => parts.join('')),
        ),
        (text) => {
          const read = readChecksFile(text, 'c.yml');
          if (!read.ok) for (const diagnostic of read.error) expect(diagnostic.line).toBeGreaterThanOrEqual(1);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('a checks file of any JSON is read or has a diagnostic', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (check, when) => {
        const read = readChecksFile(
          JSON.stringify({ version: 1, checks: [check, { name: 'a', when, protect: check, cel: when }] }),
          'c.yml',
        );
        expect(read.ok).toBe(false);
      }),
    );
  });

  it('a report of any JSON is read or refused with a sentence', () => {
    const keys = fc.constantFrom(
      'version',
      'runs',
      'results',
      'tool',
      'driver',
      'rules',
      'message',
      'text',
      'locations',
      'physicalLocation',
      'artifactLocation',
      'uri',
      'ruleIndex',
      'level',
      'suppressions',
      'id',
      'rule',
    );
    const sarifish = fc.letrec<{ node: unknown }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 6 },
        fc.constantFrom('2.1.0', 'R', '../x', '%', 0, -1, 1e9, null, true),
        fc.array(tie('node'), { maxLength: 3 }),
        fc.dictionary(keys, tie('node'), { maxKeys: 5 }),
      ),
    })).node;
    fc.assert(
      fc.property(fc.array(fc.dictionary(keys, sarifish)), fc.dictionary(keys, sarifish), (results, driver) => {
        const text = JSON.stringify({ version: '2.1.0', runs: [{ tool: { driver }, ...driver, results }] });
        const report = sarif.read(text, {
          actions: new Map(),
          namesInModules: new Set(),
          roots: ['/conf'],
          planPath: null,
          severity: 'high',
        });
        if (report.ok) for (const finding of report.value.findings) expect(finding.file ?? 'x').not.toMatch(/^(\/|\.\.)/);
        else expect(report.error.length).toBeGreaterThan(10);
      }),
      { numRuns: 500 },
    );
  });

  it('a template is split into parts that give the text again, or has a place where it is wrong', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('$', '{', '}', '"', "'", '\\', 'a', 'r', ' ')).map((parts) => parts.join('')),
        (text) => {
          const template = splitTemplate(text);
          if (!template.ok) expect(text.slice(template.offset, template.offset + 2)).toBe('${');
          else
            expect(
              template.parts
                .map((part) => (part.kind === 'text' ? part.text.replaceAll('${', () => '$${') : `\${${part.source}}`))
                .join(''),
            ).toBe(text);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('no set of results passes that holds a mandatory failure or lacks a mandatory pass', () => {
    const result = fc.record({
      status: fc.constantFrom('passed', 'failed', 'errored', 'not-applicable'),
      enforcement: fc.constantFrom('mandatory', 'advisory'),
      findings: fc.array(
        fc.record({ level: fc.constantFrom('error', 'warning', 'note'), message: fc.string() }).map((over) => aFinding(over as object)),
        { maxLength: 2 },
      ),
      reason: fc.option(fc.string()),
      check: fc.string(),
    });
    fc.assert(
      fc.property(fc.array(result), (parts) => {
        const results = parts.map((over) => aResult(over as Partial<CheckResult>));
        const verdict = decideVerdict(results, { whenNoneApply: 'fail', fileProblem: null });
        const mandatory = results.filter((one) => one.enforcement === 'mandatory' && one.status !== 'not-applicable');
        const good = mandatory.filter((one) => one.status === 'passed' && one.findings.every((finding) => finding.level !== 'error'));
        expect(verdict.status).toBe(good.length > 0 && good.length === mandatory.length ? 'passed' : 'failed');
        expect(verdict.message.length).toBeLessThanOrEqual(1000);
      }),
      { numRuns: 1000 },
    );
  });
});
