// The kind `rego`: not built yet. It fails, so that nobody takes it for a pass.
import type { RegoSpec } from '../../contracts/check-kinds.ts';
import type { Kind } from '../kind.ts';

export const rego: Kind<RegoSpec> = {
  name: 'rego',
  needsPlan: () => true,
  open: () => ({
    run: async () => ({ findings: [], reason: 'This version cannot run it yet' }),
    close: async () => {},
  }),
};
