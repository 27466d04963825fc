// The kind `schema`: not built yet. It fails, so that nobody takes it for a pass.
import type { SchemaSpec } from '../../contracts/check-kinds.ts';
import type { Kind } from '../kind.ts';

export const schema: Kind<SchemaSpec> = {
  name: 'schema',
  needsPlan: () => true,
  open: () => ({
    run: async () => ({ findings: [], reason: 'This version cannot run it yet' }),
    close: async () => {},
  }),
};
