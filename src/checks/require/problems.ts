// What is wrong with a `require` check beyond its shape, told while the file is read. Pure.
import type { Expectation, RequireSpec } from '../../contracts/check-kinds.ts';
import { findExpectationProblems, type ValueProblem } from '../values/problems.ts';

export function findSpecProblems({ tags, attributes, none, name }: RequireSpec): ValueProblem[] {
  return [
    ...(tags === undefined || Array.isArray(tags) ? [] : inMap(tags, ['tags'])),
    ...inMap(attributes ?? {}, ['attributes']),
    ...(none ?? []).flatMap((shape, index) => inMap(shape.where, ['none', index, 'where'])),
    ...(name === undefined ? [] : findExpectationProblems(name, ['name'])),
  ];
}

const inMap = (map: Readonly<Record<string, Expectation>>, path: readonly (string | number)[]): ValueProblem[] =>
  Object.entries(map).flatMap(([key, expectation]) => findExpectationProblems(expectation, [...path, key]));
