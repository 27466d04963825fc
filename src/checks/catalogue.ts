// The table of kinds. A new kind is one line here, one schema in contracts/check-kinds.ts and one folder.
import type { CheckSpec, KindName } from '../contracts/checks-file.ts';
import { cel } from './cel/kind.ts';
import type { Kind } from './kind.ts';
import { limit } from './limit/kind.ts';
import { protect } from './protect.ts';
import { rego } from './rego/kind.ts';
import { require } from './require/kind.ts';
import { results } from './results/kind.ts';
import { run } from './run/kind.ts';
import { schema } from './schema/kind.ts';
import { script } from './script/kind.ts';

export type SpecOf<K extends KindName> = NonNullable<CheckSpec[K]>;

export const CATALOGUE: { readonly [K in KindName]: Kind<SpecOf<K>> } = {
  protect,
  require,
  limit,
  cel,
  schema,
  script,
  run,
  results,
  rego,
};
