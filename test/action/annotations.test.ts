// Annotations in the log: the worst of each kind, within what GitHub keeps for a step, and the rest counted.
import { describe, expect, it } from '@jest/globals';
import { annotateLog } from '../../src/action/annotations.ts';
import { aFinding, aModel, aResult } from '../report/models.ts';

function told(model: Parameters<typeof annotateLog>[0]): [string, string, object | undefined][] {
  const lines: [string, string, object | undefined][] = [];
  const say =
    (level: string) =>
    (text: string, place?: object): void =>
      void lines.push([level, text, place]);
  annotateLog(model, { error: say('error'), warning: say('warning'), notice: say('notice') });
  return lines;
}

describe('annotateLog', () => {
  it('names file and line where they are known', () => {
    const findings = [
      aFinding({ message: 'm', file: 's3.tf', line: 14 }),
      aFinding({ message: 'n', file: 's3.tf' }),
      aFinding({ message: 'o', line: 3 }),
    ];
    expect(told(aModel(null, { results: [aResult({ status: 'failed', findings })] }))).toEqual([
      ['error', 'm', { title: 'required tags', file: 's3.tf', startLine: 14 }],
      ['error', 'n', { title: 'required tags', file: 's3.tf' }],
      ['error', 'o', { title: 'required tags' }],
    ]);
  });

  it('leaves room for what the step says itself, and counts the rest in one notice', () => {
    const findings = [
      ...Array.from({ length: 20 }, (_, index) => aFinding({ severity: 'low', message: `low ${index}` })),
      aFinding({ severity: 'critical', message: 'the worst' }),
      ...Array.from({ length: 3 }, () => aFinding({ level: 'warning' })),
    ];
    const lines = told(aModel(null, { results: [aResult({ status: 'failed', findings })] }));
    expect(lines.map(([level]) => level)).toEqual([...Array<string>(8).fill('error'), ...Array<string>(3).fill('warning'), 'notice']);
    expect(lines[0]?.[1]).toBe('the worst');
    expect(lines.at(-1)).toEqual(['notice', '13 more findings without an annotation; the job summary has all.', undefined]);
  });
});
