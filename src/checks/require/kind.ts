// The kind `require`: not built yet. It fails, so that nobody takes it for a pass.
import type { RequireSpec } from '../../contracts/check-kinds.ts';
import type { Kind } from '../kind.ts';

export const require: Kind<RequireSpec> = {
  name: 'require',
  needsPlan: () => true,
  open: () => ({
    run: async () => ({ findings: [], reason: 'This version cannot run it yet' }),
    close: async () => {},
  }),
};
