// Variables of a repository for its workflows: read all at once, made, changed, deleted.
import type { Need } from './fault.ts';
import { isInDoubt, isRefusedWith, type Link } from './link.ts';

const READ: Need = { permission: 'actions_variables', level: 'read', feature: 'the variables' };
const WRITE: Need = { permission: 'actions_variables', level: 'write', feature: 'the variables' };
const KEY = 'variables';

/** Name, in capitals, to value. */
type Variables = Map<string, string>;

export async function readVariable(link: Link, name: string): Promise<string | null> {
  return (await readVariables(link)).get(name.toUpperCase()) ?? null;
}

const readVariables = (link: Link): Promise<Variables> =>
  link.remember(KEY, async () => {
    const { owner, repo } = link;
    const found = new Map<string, string>();
    // 30 a page is the most that GitHub gives; 500 variables the most that a repository has (read 2026-11-22).
    for (let page = 1, seen = 0; ; page++) {
      const { data } = await link.read(READ, 'read the variables', (rest, request) =>
        rest.actions.listRepoVariables({ owner, repo, per_page: 30, page, request }),
      );
      for (const { name, value } of data.variables) found.set(name.toUpperCase(), value);
      seen += data.variables.length;
      if (data.variables.length === 0 || seen >= data.total_count) return found;
    }
  });

/** Makes it or changes it: somebody may have made or deleted it since it was read. @throws SettingsFault */
export async function writeVariable(link: Link, name: string, value: string): Promise<void> {
  const there = (await readVariable(link, name)) !== null;
  await (there ? changeOrCreate(link, name, value) : createOrChange(link, name, value));
  (await readVariables(link)).set(name.toUpperCase(), value);
}

async function createOrChange(link: Link, name: string, value: string): Promise<void> {
  try {
    await surely(link, name, value, () => create(link, name, value));
  } catch (thrown) {
    // 409 "Already exists"
    if (!isRefusedWith(thrown, 'conflict')) throw thrown;
    await surely(link, name, value, () => change(link, name, value));
  }
}

async function changeOrCreate(link: Link, name: string, value: string): Promise<void> {
  try {
    await surely(link, name, value, () => change(link, name, value));
  } catch (thrown) {
    // Not there any more, or not allowed: looking tells which.
    if (!isRefusedWith(thrown, 'permission')) throw thrown;
    link.forget(KEY);
    if ((await readVariable(link, name)) !== null) throw thrown;
    await surely(link, name, value, () => create(link, name, value));
  }
}

const surely = (link: Link, name: string, value: string, write: () => Promise<true>): Promise<true> =>
  link.writeSurely(write, async () => {
    link.forget(KEY);
    return (await readVariable(link, name)) === value ? true : null;
  });

const create = (link: Link, name: string, value: string): Promise<true> =>
  link.write<true>(WRITE, `make the variable ${name}`, async (rest, request) => {
    await rest.actions.createRepoVariable({ owner: link.owner, repo: link.repo, name, value, request });
    return true;
  });

const change = (link: Link, name: string, value: string): Promise<true> =>
  link.write<true>(WRITE, `change the variable ${name}`, async (rest, request) => {
    await rest.actions.updateRepoVariable({ owner: link.owner, repo: link.repo, name, value, request });
    return true;
  });

/** Ends well when it is gone already. @throws SettingsFault */
export async function deleteVariable(link: Link, name: string): Promise<void> {
  const { owner, repo } = link;
  const isGone = async (): Promise<true | null> => {
    link.forget(KEY);
    return (await readVariable(link, name)) === null ? true : null;
  };
  try {
    await link.writeSurely(
      () =>
        link.write(WRITE, `delete the variable ${name}`, async (rest, request) => {
          await rest.actions.deleteRepoVariable({ owner, repo, name, request });
          return true;
        }),
      isGone,
    );
  } catch (thrown) {
    if (isInDoubt(thrown) || (await isGone()) === null) throw thrown;
  }
  (await readVariables(link)).delete(name.toUpperCase());
}
