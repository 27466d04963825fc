// What an entry of `extends` changes in the checks that it brings: leaves some out, excepts addresses, enforces, sets parameters. Pure.
//
// A name that matches nothing is an error: whoever excepts an address from a check that is called otherwise would wonder at night why
// the exception does not hold.
import type { Extends, Params } from '../../contracts/checks-file.ts';
import { didYouMean } from '../../base/did-you-mean.ts';
import { matchGlob } from '../../documents/glob.ts';
import type { DocumentPath } from '../../documents/path.ts';
import type { LoadedCheck } from '../check-set.ts';

/** A check on its way: `params` are those of its file still, without its own. */
export interface PlacedCheck extends LoadedCheck {
  /** `acme/policies@1a2b3c4:.runtask/checks.yml:12:5` */
  readonly place: string;
}

export interface AdjustProblem {
  /** Within the entry. */
  readonly path: DocumentPath;
  readonly summary: string;
  readonly detail: string;
}

export interface Adjusted {
  readonly checks: readonly PlacedCheck[];
  readonly problems: readonly AdjustProblem[];
}

/** @param knownParams  names that the extended files give a default to */
export function adjust(checks: readonly PlacedCheck[], entry: Extends, knownParams: ReadonlySet<string>): Adjusted {
  const names = checks.map(({ spec }) => spec.name);
  const { without = [], except, enforce, params = {} } = entry;
  const exceptions = exceptionsOf(except);
  const problems = [
    ...without.flatMap((glob, index) => unmatched(glob, names, ['without', index])),
    ...exceptions.flatMap(({ check, path }) => (path === null ? [] : unmatched(check, names, path))),
    ...Object.keys(params).flatMap((name) => (knownParams.has(name) ? [] : [unknownParam(name, knownParams)])),
  ];
  const kept = checks.filter(({ spec }) => !without.some((glob) => matchGlob(glob, spec.name)));
  return {
    checks: kept.map((loaded) => {
      const more = exceptions.filter(({ check }) => matchGlob(check, loaded.spec.name)).flatMap(({ addresses }) => addresses);
      return {
        ...loaded,
        spec: {
          ...loaded.spec,
          ...(more.length === 0 ? {} : { except: [...(loaded.spec.except ?? []), ...more] }),
          ...(enforce === undefined ? {} : { enforce }),
        },
        params: { ...loaded.params, ...params },
      };
    }),
    problems,
  };
}

interface Exception {
  readonly check: string;
  readonly addresses: readonly string[];
  /** null: it names no check. */
  readonly path: DocumentPath | null;
}

function exceptionsOf(except: Extends['except']): Exception[] {
  if (except === undefined) return [];
  if (Array.isArray(except)) return [{ check: '*', addresses: except, path: null }];
  return Object.entries(except).map(([check, addresses]) => ({ check, addresses, path: ['except', check] }));
}

function unmatched(glob: string, names: readonly string[], path: DocumentPath): AdjustProblem[] {
  if (names.some((name) => matchGlob(glob, name))) return [];
  return [{ path, summary: `No check there is called "${glob}"`, detail: meant(glob, names, 'It has') }];
}

function unknownParam(name: string, known: ReadonlySet<string>): AdjustProblem {
  const detail = known.size === 0 ? 'It takes none' : meant(name, [...known], 'It takes');
  return { path: ['params', name], summary: `It takes no parameter "${name}"`, detail };
}

// A pack has two dozen checks; all of them would bury the one that was meant.
const LISTED = 30;

function meant(word: string, known: readonly string[], introduction: string): string {
  const near = didYouMean(word, known);
  const rest = known.length > LISTED ? `, and ${known.length - LISTED} more` : '';
  return `${near === null ? '' : `Did you mean "${near}"? `}${introduction}: ${known.slice(0, LISTED).join(', ')}${rest}`;
}

/** The values that a check sees: of its file, of those who extend it from the inside out, and over all of them its own. */
export const withOwnParams = ({ place: _place, ...loaded }: PlacedCheck): LoadedCheck => {
  const params: Params = { ...loaded.params, ...loaded.spec.params };
  return { ...loaded, params };
};
