// What a value must be (`true`, `[a, b]`, `{ at_most: 5 }`), compiled once per check and asked of each value. The tests are tests.ts. Pure.
import type { Condition, Expectation } from '../../contracts/check-kinds.ts';
import { isMap } from '../../plan/json-tree.ts';
import { TESTS, type Answer, type Part } from './tests.ts';
import type { Found } from './walk.ts';

export interface Expected {
  /**
   * @param found  absent and null are both "nothing" here; whether something must be there at all is the caller's rule
   * @param isSet  asked only of an unknown value: does the configuration set it?
   */
  judge(found: Found, isSet: () => boolean): Answer;
  /** `be true`, `match "a*"`: what follows "must". */
  readonly wanted: string;
  /** `is true`, `matches "a*"`. */
  readonly holding: string;
  /** `present: true` and nothing else. */
  readonly onlyPresence: boolean;
  /** It says that nothing may be there: a missing value is an answer and no misspelled path. */
  readonly allowsNothing: boolean;
}

/** @throws when a pattern is none; findSpecProblems has told that when the file was read */
export function compileExpectation(expectation: Expectation): Expected {
  const condition = toCondition(expectation);
  const parts = keysOf(condition).map((key) => TESTS[key](condition));
  return {
    wanted: parts.map((part) => part.wanted).join(' and '),
    holding: parts.map((part) => toHolding(part.wanted)).join(' and '),
    onlyPresence: parts.every((part) => part.present === true),
    allowsNothing: parts.every((part) => part.allowsNothing),
    judge(found, isSet) {
      if (found.kind === 'odd') return { odd: found.why };
      let answer: Answer = 'yes';
      for (const part of parts) {
        const one = found.kind === 'unknown' ? judgeUnknown(part, isSet) : judgeKnown(part, found);
        if (one === 'no') return 'no';
        // What does not fit is worse than what is not known yet: no policy covers it.
        if (typeof one === 'object' || answer === 'yes') answer = one;
      }
      return answer;
    },
  };
}

export function toCondition(expectation: Expectation): Condition {
  if (expectation === null || typeof expectation !== 'object') return { is: expectation };
  return isListOfScalars(expectation) ? { in: expectation } : expectation;
}

type ScalarList = Extract<Expectation, readonly unknown[]>;
const isListOfScalars = (expectation: ScalarList | Condition): expectation is ScalarList => Array.isArray(expectation);

export const keysOf = (condition: Condition): (keyof Condition)[] =>
  (Object.keys(condition) as (keyof Condition)[]).filter((key) => condition[key] !== undefined);

function judgeKnown({ test, single }: Part, found: Found): Answer {
  if (found.kind !== 'value') return test(null, false);
  // In a policy a principal is a word or an object, and the object is simply not the word. An attribute has one type: there it is a slip.
  return single && found.inText && isMap(found.value) ? test(null, false) : test(found.value, found.unknown);
}

function judgeUnknown({ present }: Part, isSet: () => boolean): Answer {
  if (present === undefined || !isSet()) return 'unknown';
  return present ? 'yes' : 'no';
}

const VERBS: Readonly<Record<string, string>> = { be: 'is', match: 'matches', contain: 'contains', lie: 'lies', have: 'has' };

function toHolding(wanted: string): string {
  const [, not, verb = '', rest] = /^(not )?(\w+)(.*)$/s.exec(wanted) ?? [];
  if (not === undefined) return `${VERBS[verb] ?? verb}${rest}`;
  return verb === 'be' ? `is not${rest}` : `does not ${verb}${rest}`;
}
