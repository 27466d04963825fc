// What an author's policy makes of a value that is known only after apply. null: no finding. Data only.
import type { UnknownPolicy } from '../../contracts/check-words.ts';

export const UNKNOWN_LEVEL: { readonly [P in UnknownPolicy]: 'error' | 'warning' | null } = { fail: 'error', warn: 'warning', pass: null };
