// Workspaces by name, linked to their runs where there is room.
import type { Dialect } from '../dialect.ts';
import { link } from '../escape.ts';
import { brief } from '../markdown/verdict.ts';
import type { Whose } from '../section/data.ts';

const MAX_NAME = 100;

/** With the organization where there are several. */
export function namesOf(parts: readonly Whose[]): (whose: Whose) => string {
  const isOne = new Set(parts.map(({ organization }) => organization)).size <= 1;
  return ({ organization, workspace }) => brief(isOne ? workspace : `${organization}/${workspace}`, MAX_NAME);
}

export interface NameOptions {
  readonly nameOf: (whose: Whose) => string;
  readonly max: number;
  readonly isLinked: boolean;
}

/** `net-dev, net-stg, 118 more` */
export function listNames(members: readonly Whose[], d: Dialect, { nameOf, max, isLinked }: NameOptions): string {
  const shown = members.slice(0, max).map((whose) => {
    const name = d.text(nameOf(whose));
    return isLinked ? link(name, whose.run_url) : name;
  });
  return [...shown, ...(members.length > shown.length ? [`${members.length - shown.length} more`] : [])].join(', ');
}
