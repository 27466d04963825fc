// A variable of a repository for its workflows: `vars.NAME`. How GitHub is asked is in github/settings/.
import { required, string } from '../engine/schema.ts';
import { resource } from './clients.ts';
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
  name: required(string, { description: 'The name, in capitals: `RUNTASK_RELAY_URL`.', replace: true, validate: checkSettingName }),
  value: required(string, {
    description: 'The value. Everybody who may read the repository can read it: what is secret is a repository secret.',
    validate: checkSettingValue,
  }),
};

export const repositoryVariable = resource({
  name: 'repository_variable',
  description: 'A variable of a GitHub repository that its workflows read as `vars.NAME`.',
  schema,
  key: ['repository', 'name'],
  import: { form: 'OWNER/REPO/NAME', toKey: readSettingId, toId: ({ repository, name }) => `${repository}/${name}` },

  // GitHub may ask to wait for its rate limit.
  timeouts: { find: 10 * 60_000, create: 10 * 60_000, update: 10 * 60_000, delete: 10 * 60_000 },
  review: (changes, _configs, context) => reviewRepositories(changes, context),

  find: (key, _remembered, context) =>
    told({}, async () => {
      const value = await context.clients.github.repository(key.repository, context).variable(key.name);
      return value === null ? null : { state: { ...key, value }, managed: null };
    }),
  read: ({ repository, name }, context) =>
    told({}, async () => {
      const value = await context.clients.github.repository(repository, context).variable(name);
      return value === null ? null : { repository, name, value };
    }),
  create: ({ repository, name, value }, _config, context) =>
    told({}, async () => {
      await context.clients.github.repository(repository, context).writeVariable(name, value);
      return { repository, name, value };
    }),
  update: ({ repository, name, value }, _prior, _config, context) =>
    told({}, async () => {
      await context.clients.github.repository(repository, context).writeVariable(name, value);
      return { repository, name, value };
    }),
  delete: ({ repository, name }, context) =>
    told({}, () => unlessArchived(repository, context, () => context.clients.github.repository(repository, context).deleteVariable(name))),
});
