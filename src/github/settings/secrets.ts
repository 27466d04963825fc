// Secrets of a repository for its workflows: sealed to the repository's key before they leave, never read back. What can be read is
// when each was set.
import sodium from 'libsodium-wrappers';
import type { Need } from './fault.ts';
import { isInDoubt, isRefusedWith, type Link } from './link.ts';

const READ: Need = { permission: 'secrets', level: 'read', feature: 'the secrets' };
const WRITE: Need = { permission: 'secrets', level: 'write', feature: 'the secrets' };
const KEY = 'secrets';
const SEALING_KEY = 'sealing key';

/** When it was set last, as GitHub tells it (`2026-11-22T10:00:00Z`); null when there is none of the name. */
export async function readSecretTime(link: Link, name: string): Promise<string | null> {
  return (await readTimes(link)).get(name.toUpperCase()) ?? null;
}

const readTimes = (link: Link): Promise<Map<string, string>> =>
  link.remember(KEY, async () => {
    const { owner, repo } = link;
    const found = new Map<string, string>();
    // 100 are the most that a repository has (read 2026-11-22).
    for (let page = 1, seen = 0; ; page++) {
      const { data } = await link.read(READ, 'read the names of the secrets', (rest, request) =>
        rest.actions.listRepoSecrets({ owner, repo, per_page: 100, page, request }),
      );
      for (const { name, updated_at } of data.secrets) found.set(name.toUpperCase(), updated_at);
      seen += data.secrets.length;
      if (data.secrets.length === 0 || seen >= data.total_count) return found;
    }
  });

/**
 * Makes it or sets it anew.
 * @returns when GitHub says that it was set
 * @throws SettingsFault; never with the value
 */
export async function writeSecret(link: Link, name: string, value: string): Promise<string> {
  try {
    await send(link, name, value);
  } catch (thrown) {
    // 422: GitHub has another key by now.
    if (!isRefusedWith(thrown, 'refused')) throw thrown;
    link.forget(SEALING_KEY);
    await send(link, name, value);
  }
  const { owner, repo } = link;
  const { data } = await link.read(READ, `read when the secret ${name} was set`, (rest, request) =>
    rest.actions.getRepoSecret({ owner, repo, secret_name: name, request }),
  );
  (await readTimes(link)).set(name.toUpperCase(), data.updated_at);
  return data.updated_at;
}

async function send(link: Link, name: string, value: string): Promise<void> {
  const { owner, repo } = link;
  const { id, key } = await readSealingKey(link);
  const encrypted_value = await seal(value, key);
  await link.writeSurely(
    () =>
      link.write(WRITE, `set the secret ${name}`, async (rest, request) => {
        await rest.actions.createOrUpdateRepoSecret({ owner, repo, secret_name: name, encrypted_value, key_id: id, request });
        return true;
      }),
    // Nobody can see whether it is this value. Setting the same one again does no harm.
    () => Promise.resolve(null),
  );
}

const readSealingKey = (link: Link): Promise<{ readonly id: string; readonly key: string }> =>
  link.remember(SEALING_KEY, async () => {
    const { owner, repo } = link;
    const { data } = await link.read(READ, 'read the key that secrets are sealed with', (rest, request) =>
      rest.actions.getRepoPublicKey({ owner, repo, request }),
    );
    return { id: data.key_id, key: data.key };
  });

/** @see docs.github.com, "Encrypting secrets for the REST API", read 2026-11-22 */
async function seal(value: string, key: string): Promise<string> {
  await sodium.ready;
  const sealed = sodium.crypto_box_seal(sodium.from_string(value), sodium.from_base64(key, sodium.base64_variants.ORIGINAL));
  return sodium.to_base64(sealed, sodium.base64_variants.ORIGINAL);
}

/** Ends well when it is gone already. @throws SettingsFault */
export async function deleteSecret(link: Link, name: string): Promise<void> {
  const { owner, repo } = link;
  const isGone = async (): Promise<true | null> => {
    link.forget(KEY);
    return (await readSecretTime(link, name)) === null ? true : null;
  };
  try {
    await link.writeSurely(
      () =>
        link.write(WRITE, `delete the secret ${name}`, async (rest, request) => {
          await rest.actions.deleteRepoSecret({ owner, repo, secret_name: name, request });
          return true;
        }),
      isGone,
    );
  } catch (thrown) {
    if (isInDoubt(thrown) || (await isGone()) === null) throw thrown;
  }
  (await readTimes(link)).delete(name.toUpperCase());
}
