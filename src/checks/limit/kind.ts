// The kind `limit`: not built yet. It fails, so that nobody takes it for a pass.
import type { LimitSpec } from '../../contracts/check-kinds.ts';
import type { Kind } from '../kind.ts';

export const limit: Kind<LimitSpec> = {
  name: 'limit',
  needsPlan: () => true,
  open: () => ({
    run: async () => ({ findings: [], reason: 'This version cannot run it yet' }),
    close: async () => {},
  }),
};
