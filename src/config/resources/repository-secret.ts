// A secret of a repository for its workflows: `secrets.NAME`. GitHub never gives it back; what tells whether it was changed by other
// hands is the time at which it was set. How it is sealed and sent is in github/settings/.
import type { ResourceContext } from '../engine/resource.ts';
import { computed, number, required, string } from '../engine/schema.ts';
import { resource, type Clients } from './clients.ts';
import {
  checkRepository,
  checkSettingName,
  checkSettingValue,
  readSettingId,
  reviewRepositories,
  told,
  unlessArchived,
} from './repository-names.ts';

const schema = {
  repository: required(string, { description: 'The repository, `OWNER/REPO`.', replace: true, validate: checkRepository }),
  name: required(string, { description: 'The name, in capitals.', replace: true, validate: checkSettingName }),
  value: required(string, {
    description: 'The value. It is sealed to the repository before it is sent, and kept nowhere else. Change `value_version` with it.',
    writeOnly: true,
    sensitive: true,
    validate: checkSettingValue,
  }),
  value_version: required(number, {
    description: 'The version of the value: another number sets it anew. Empty when the secret was set by other hands since.',
    remembered: true,
    validate: (version: number) =>
      Number.isSafeInteger(version) && version >= 1
        ? []
        : [{ summary: 'A version is a whole number from 1', detail: `Count up by one with each new value. Found: ${version}` }],
  }),
  updated_at: computed(string, { description: 'When GitHub says that it was set last.', remembered: true }),
};

interface Known {
  readonly repository: string;
  readonly name: string;
  readonly value_version?: number | null;
  readonly updated_at?: string | null;
}

async function look(known: Known, context: ResourceContext<Clients>) {
  const { repository, name } = known;
  const updated_at = await context.clients.github.repository(repository, context).secretTime(name);
  if (updated_at === null) return null;
  const isOurs = typeof known.updated_at === 'string' && Date.parse(known.updated_at) === Date.parse(updated_at);
  if (!isOurs && typeof known.updated_at === 'string')
    context.warn(
      `The secret ${name} of ${repository} was set by other hands`,
      `We set it at ${known.updated_at}, GitHub says ${updated_at}. Its value cannot be read, so it is set again`,
    );
  return { repository, name, value_version: isOurs ? (known.value_version ?? null) : null, updated_at };
}

async function set(key: { repository: string; name: string }, version: number, value: string, context: ResourceContext<Clients>) {
  const { repository, name } = key;
  const updated_at = await context.clients.github.repository(repository, context).writeSecret(name, value);
  return { repository, name, value_version: version, updated_at };
}

export const repositorySecret = resource({
  name: 'repository_secret',
  description: 'A secret of a GitHub repository that its workflows read as `secrets.NAME`.',
  schema,
  key: ['repository', 'name'],
  import: { form: 'OWNER/REPO/NAME', toKey: readSettingId, toId: ({ repository, name }) => `${repository}/${name}` },

  // GitHub may ask to wait for its rate limit.
  timeouts: { find: 10 * 60_000, create: 10 * 60_000, update: 10 * 60_000, delete: 10 * 60_000 },
  review: (changes, _configs, context) => reviewRepositories(changes, context),

  find: (key, remembered, context) =>
    told({}, async () => {
      const state = await look({ ...remembered, ...key }, context);
      return state === null ? null : { state, managed: null };
    }),
  read: (state, context) => told({}, () => look(state, context)),
  create: (planned, config, context) => told({}, () => set(planned, planned.value_version, config.value, context)),
  update: (planned, _prior, config, context) => told({}, () => set(planned, planned.value_version, config.value, context)),
  delete: ({ repository, name }, context) =>
    told({}, () => unlessArchived(repository, context, () => context.clients.github.repository(repository, context).deleteSecret(name))),
});
