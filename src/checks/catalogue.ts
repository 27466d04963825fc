// The table of kinds. A new kind is one line here, one schema in contracts/checks-file.ts and one folder.
import type { CheckSpec, KindName } from '../contracts/checks-file.ts';
import { cel } from './cel/kind.ts';
import type { Kind } from './kind.ts';
import { protect } from './protect.ts';
import { run } from './run/kind.ts';

export type SpecOf<K extends KindName> = NonNullable<CheckSpec[K]>;

export const CATALOGUE: { readonly [K in KindName]: Kind<SpecOf<K>> } = { protect, cel, run };
