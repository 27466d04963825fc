// The kind `results`: not built yet. It fails, so that nobody takes it for a pass.
import type { ResultsSpec } from '../../contracts/check-kinds.ts';
import type { Kind } from '../kind.ts';

export const results: Kind<ResultsSpec> = {
  name: 'results',
  needsPlan: () => true,
  open: () => ({
    run: async () => ({ findings: [], reason: 'This version cannot run it yet' }),
    close: async () => {},
  }),
};
