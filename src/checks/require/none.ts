// `none` of the kind `require`: shapes that must not be. One condition that does not hold settles it; what is unknown or does not fit
// never does. Pure.
import type { RequireSpec } from '../../contracts/check-kinds.ts';
import type { Json } from '../../contracts/json.ts';
import { isMap } from '../../plan/json-tree.ts';
import { compileExpectation, type Expected } from '../values/condition.ts';
import { attributeOf, EACH, formatTrail, readPath, type Step, type Trail } from '../values/path.ts';
import { isNothing } from '../values/tests.ts';
import type { Found } from '../values/walk.ts';
import { hasAttribute, type Subject } from '../values/subject.ts';
import { unknownWords, type Fault, type Judge, type Tools } from './judge.ts';

type Shape = NonNullable<RequireSpec['none']>[number];

interface Clause {
  readonly steps: readonly Step[];
  readonly path: string;
  readonly expected: Expected;
}

interface Rule {
  /** With `[*]` at its end; null: the resource itself. */
  readonly at: readonly Step[] | null;
  readonly clauses: readonly Clause[];
  /** `from_port is at most 22, to_port is at least 22` */
  readonly words: string;
}

export function judgeNone(shapes: readonly Shape[], tools: Tools): Judge {
  const rules = shapes.map(toRule);
  return (subject, faults) => {
    for (const fault of mergePlaces(rules.flatMap((rule) => toFault(rule, findHits(rule, subject, tools)) ?? []))) faults.push(fault);
  };
}

/** Several shapes at one place are one finding: three ports that one block opens are told in one breath. */
function mergePlaces(shapes: readonly ShapeFault[]): Fault[] {
  const byLead = new Map<string, { readonly fault: ShapeFault; readonly tails: Set<string> }>();
  for (const fault of shapes) {
    const known = byLead.get(fault.lead);
    if (known === undefined) byLead.set(fault.lead, { fault, tails: new Set([fault.tail]) });
    else known.tails.add(fault.tail);
  }
  return [...byLead].map(([lead, { fault, tails }]) => ({
    message: lead + [...tails].join('; also: '),
    attribute: fault.attribute,
    isUnknown: fault.isUnknown,
  }));
}

function toRule({ at, where }: Shape): Rule {
  const clauses = Object.entries(where).map(([path, expectation]): Clause => {
    return { path, steps: readPath(path), expected: compileExpectation(expectation) };
  });
  const steps = at === undefined ? null : readPath(at);
  return {
    at: steps === null || steps.at(-1) === EACH ? steps : [...steps, EACH],
    clauses,
    words: clauses.map(({ path, expected }) => `${path} ${expected.holding}`).join(', '),
  };
}

/** An item that has the shape, or of which nobody can say that it has not. */
interface Hit {
  readonly place: string;
  readonly kind: 'is' | 'odd' | 'unknown';
  /** What stands in the way of a judgement. */
  readonly why: string;
}

const WORST: readonly Hit['kind'][] = ['is', 'odd', 'unknown'];

interface ShapeFault {
  /** Which place, and what of it. */
  readonly lead: string;
  readonly tail: string;
  readonly attribute: string;
  readonly isUnknown: boolean;
}

/** One for each shape: the worst item is told, the others are counted. */
function toFault({ at, clauses, words }: Rule, hits: readonly Hit[]): ShapeFault | null {
  const kind = WORST.find((one) => hits.some((hit) => hit.kind === one));
  const [first, ...others] = hits.filter((hit) => hit.kind === kind);
  if (first === undefined) return null;
  const attribute = attributeOf(at ?? clauses[0]?.steps ?? []);
  const more = others.length === 0 ? '' : ` (${others.length} more like it)`;
  const subject = first.place === '' ? 'it' : first.place;
  // Of the resource itself its own address is told already.
  if (kind === 'is') return { lead: first.place === '' ? '' : `${subject} is refused: `, tail: words + more, attribute, isUnknown: false };
  if (kind === 'odd')
    return { lead: `${subject} cannot be judged: ${first.why}; refused is: `, tail: words + more, attribute, isUnknown: false };
  return { lead: `${subject} cannot be judged before apply: `, tail: first.why + more, attribute, isUnknown: true };
}

function findHits(rule: Rule, subject: Subject, tools: Tools): Hit[] {
  if (rule.at === null) return hitsOf(rule, subject.value, subject.unknown, false, '', subject, tools);
  const hits: Hit[] = [];
  tools.walk(subject.value, subject.unknown, rule.at, (found, trail, rest) => {
    const place = formatTrail(trail, found.kind === 'absent' ? rest : []);
    hits.push(...hitsAt(rule, found, trail, place, subject, tools));
  });
  return hits;
}

/** What is found at `at`. */
function hitsAt(rule: Rule, found: Found, trail: Trail, place: string, subject: Subject, tools: Tools): Hit[] {
  switch (found.kind) {
    case 'absent':
      return trail.length <= 1 ? missing(attributeOf(rule.at ?? []), place, subject, tools) : [];
    case 'unknown':
      return unknownAt(attributeOf(rule.at ?? []), place, '', subject, tools);
    case 'odd':
      return [{ place, kind: 'odd', why: `it ${found.why}` }];
    case 'value':
      if (isNothing(found.value, found.unknown)) return [];
      if (!isMap(found.value)) return [{ place, kind: 'odd', why: 'it is no block or object' }];
      return hitsOf(rule, found.value, found.unknown, found.inText, place, subject, tools);
  }
}

/** A misspelled attribute would never be found in any plan; so the one that a type does not have is told. */
function missing(attribute: string, place: string, subject: Subject, { unlessMissing }: Tools): Hit[] {
  if (unlessMissing || hasAttribute(subject, attribute)) return [];
  return [{ place, kind: 'odd', why: `${subject.change.type} has no attribute "${attribute}" in this plan` }];
}

function unknownAt(attribute: string, place: string, path: string, subject: Subject, { configured, unlessMissing }: Tools): Hit[] {
  if (unlessMissing && configured.isWritten(subject.change, attribute) === false) return [];
  return [{ place, kind: 'unknown', why: `${path === '' ? 'it' : path} ${unknownWords(subject, attribute, configured)}` }];
}

/** One item: all clauses at once. */
function hitsOf(rule: Rule, value: Json, unknown: Json, inText: boolean, place: string, subject: Subject, tools: Tools): Hit[] {
  let worst: Hit | null = null;
  for (const clause of rule.clauses) {
    const attribute = attributeOf(rule.at ?? clause.steps);
    const clauseHits: Hit[] = [];
    let holds = false;
    tools.walk(
      value,
      unknown,
      clause.steps,
      (found, trail, rest) => {
        const nothing = found.kind === 'absent' || (found.kind === 'value' && isNothing(found.value, found.unknown));
        if (found.kind === 'absent' && rule.at === null && trail.length <= 1) clauseHits.push(...missing(attribute, place, subject, tools));
        if (nothing && tools.unlessMissing && !clause.expected.allowsNothing) return;
        const answer = clause.expected.judge(found, () => false);
        const path = formatTrail(trail, rest);
        if (answer === 'yes') holds = true;
        else if (answer === 'unknown') clauseHits.push(...unknownAt(attribute, place, path, subject, tools));
        else if (answer !== 'no') clauseHits.push({ place, kind: 'odd', why: `${path} ${answer.odd}` });
      },
      inText,
    );
    if (clauseHits.length === 0 && !holds) return [];
    const hit = holds ? null : (clauseHits.find(({ kind }) => kind === 'odd') ?? clauseHits[0] ?? null);
    if (hit !== null && (worst === null || (worst.kind === 'unknown' && hit.kind === 'odd'))) worst = hit;
  }
  return [worst ?? { place, kind: 'is', why: '' }];
}
