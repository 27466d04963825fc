// The keys of the sealed transport: the relay's own for signing, each task's public one for sealing. Imported once, when first used.
import { readKey, type ImportedKey } from '../../sealed/keys.ts';
import type { ResolvedRelayConfig } from '../config/resolved.ts';

export type SealKeys = (task: string) => Promise<{ readonly signingKey: ImportedKey; readonly sealKey: ImportedKey }>;

export function createSealKeys(config: ResolvedRelayConfig): SealKeys {
  const imported = new Map<string, Promise<ImportedKey>>();
  const read = (name: string, text: string | null, form: 'relay' | 'seal', half: 'public' | 'private'): Promise<ImportedKey> => {
    const known = imported.get(name);
    if (known !== undefined) return known;
    const key = readKey(text ?? '', { form, half }).then((result) => {
      if (!result.ok) throw new Error(`${name}: ${result.error}`);
      return result.value;
    });
    imported.set(name, key);
    return key;
  };
  return async (task) => ({
    signingKey: await read('signing_key', config.signingKey, 'relay', 'private'),
    sealKey: await read(`tasks.${task}.seal_public_key`, config.tasks[task]?.sealPublicKey ?? null, 'seal', 'public'),
  });
}
