// `attributes` of the kind `require`: values at paths, and what they must be. Pure.
import type { Expectation } from '../../contracts/check-kinds.ts';
import { compileExpectation, type Expected } from '../values/condition.ts';
import { attributeOf, formatTrail, readPath, type Step, type Trail } from '../values/path.ts';
import { isNothing } from '../values/tests.ts';
import type { Found } from '../values/walk.ts';
import { show, type Subject } from '../values/subject.ts';
import { unknownWords, type Fault, type Judge, type Tools } from './judge.ts';

interface Rule {
  readonly steps: readonly Step[];
  readonly attribute: string;
  readonly expected: Expected;
}

export function judgeAttributes(attributes: Readonly<Record<string, Expectation>>, tools: Tools): Judge {
  const rules = Object.entries(attributes).map(([path, expectation]): Rule => {
    const steps = readPath(path);
    return { steps, attribute: attributeOf(steps), expected: compileExpectation(expectation) };
  });
  return (subject, faults) => {
    for (const rule of rules) {
      tools.walk(subject.value, subject.unknown, rule.steps, (found, trail, rest) => {
        const fault = faultOf(rule, found, trail, rest, subject, tools);
        if (fault !== null) faults.push(fault);
      });
    }
  };
}

function faultOf(
  { attribute, expected }: Rule,
  found: Found,
  trail: Trail,
  rest: readonly Step[],
  subject: Subject,
  { configured, unlessMissing }: Tools,
): Fault | null {
  const { change } = subject;
  const fault = (message: string, isUnknown = false): Fault => ({ message, attribute, isUnknown });
  const must = `must ${expected.wanted}`;
  if (found.kind === 'absent') {
    if (unlessMissing || expected.allowsNothing) return null;
    return fault(`${formatTrail(trail, rest)} is missing${expected.onlyPresence ? '' : `, ${must}`}`);
  }
  if (unlessMissing && found.kind === 'value' && isNothing(found.value, found.unknown)) return null;
  if (unlessMissing && found.kind === 'unknown' && configured.isWritten(change, attribute) === false) return null;

  const answer = expected.judge(found, () => found.kind === 'unknown' && found.whole && configured.isSet(change, trail));
  if (answer === 'yes') return null;
  if (answer === 'unknown') return fault(`${formatTrail(trail, rest)} ${unknownWords(subject, attribute, configured)}, ${must}`, true);
  if (answer !== 'no') return fault(`${formatTrail(trail)} ${answer.odd}; ${must}`);
  return fault(`${formatTrail(trail)} is ${found.kind === 'value' ? show(subject, found.value, trail) : 'set'}, ${must}`);
}
