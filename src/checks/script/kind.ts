// The kind `script`: not built yet. It fails, so that nobody takes it for a pass.
import type { ScriptSpec } from '../../contracts/check-kinds.ts';
import type { Kind } from '../kind.ts';

export const script: Kind<ScriptSpec> = {
  name: 'script',
  needsPlan: () => true,
  open: () => ({
    run: async () => ({ findings: [], reason: 'This version cannot run it yet' }),
    close: async () => {},
  }),
};
