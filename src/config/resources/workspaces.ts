// Reads the workspaces that a selector means: names, tags, project. Which those are is in select-workspaces.ts.
import { ProblemError } from '../engine/problem.ts';
import { computed, list, object, optional, required, set, string } from '../engine/schema.ts';
import { dataSource } from './clients.ts';
import { checkName, told } from './hcp-words.ts';
import { selectWorkspaces, tellUndecided } from './select-workspaces.ts';

const schema = {
  organization: required(string, { description: 'The organization on HCP Terraform.', validate: checkName }),
  names: optional(set(string), {
    description: 'Patterns of names: `net-*`. `*` is any run of characters, `?` is one. A name matches one of them.',
  }),
  exclude: optional(set(string), { description: 'Patterns of names that are not meant, whatever else holds.' }),
  tags: optional(set(string), {
    description: 'Tags that a workspace must have, all of them: `prod` for a flat tag or a key, `env=prod` for a key with its value.',
  }),
  project: optional(string, { description: 'The name of the project that it must be in.' }),
  workspaces: computed(
    list(
      object({
        id: computed(string, { description: 'The id: `ws-…`.' }),
        name: computed(string, { description: 'The name.' }),
        project: computed(string, { description: 'The name of its project; empty where the token may not see it.' }),
        tags: computed(set(string), { description: 'Flat tags, and the keys of key-value tags.' }),
      }),
    ),
    { description: 'What was found, by name.' },
  ),
};

export const workspaces = dataSource({
  name: 'workspaces',
  description: 'Workspaces of an organization by names, tags and project. All that is said must hold.',
  schema,
  read: (config, { clients: { hcp } }) =>
    told({}, ['organization'], async () => {
      const { organization, names, exclude, tags, project } = config;
      const all = await hcp.workspaces(organization);
      const selector = { names: names ?? [], exclude: exclude ?? [], tags: tags ?? [], project };
      const undecided = tellUndecided(all, selector);
      if (undecided.length > 0) throw new ProblemError(undecided);
      const found = selectWorkspaces(all, selector);
      return {
        organization,
        names,
        exclude,
        tags,
        project,
        workspaces: found.map((one) => ({ id: one.id, name: one.name, project: one.project?.name ?? null, tags: one.tags })),
      };
    }),
});
