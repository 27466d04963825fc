// The lines of `.runtask/config.yml` that would declare an object as it is. What no API tells (keys, values of secrets) is named by the
// environment variable that it is expected in. Pure.
import { stringify } from 'yaml';
import { toPlain } from '../engine/authors.ts';
import type { AnyResource } from '../engine/resource.ts';
import type { Schema } from '../engine/schema.ts';
import type { ValueMap } from '../engine/values.ts';

type Plain = Readonly<Record<string, unknown>>;

const inRepository = ({ repository }: Plain, what: Plain): Plain => ({ repositories: { [String(repository)]: what } });
/** Without what the file need not say. */
const said = (values: Plain, unsaid: readonly unknown[] = [null, undefined, '']): Plain =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => !unsaid.includes(value)));

const DECLARATIONS: Readonly<Record<string, (state: Plain) => Plain>> = {
  organization_run_task: ({ name, url, description, enabled, hmac_key_version, agent_pool, global }) => ({
    run_tasks: {
      [String(name)]: {
        ...said({ description }),
        ...(enabled === false ? { enabled } : {}),
        url,
        hmac_key: { env: 'RUNTASK_HMAC_KEY' },
        hmac_key_version: hmac_key_version ?? 1,
        ...said({ agent_pool, global }),
      },
    },
  }),
  workspace_run_task: ({ run_task, workspace, stages, enforcement_level }) => ({
    attachments: [{ run_task, workspaces: [workspace], stages, enforcement_level }],
  }),
  repository_workflow: (state) => {
    const { path, action, version_comment, via, relay_url } = state;
    return inRepository(state, { workflow: { path, action: action ?? '', ...said({ version_comment, via, relay_url }) } });
  },
  repository_variable: (state) => inRepository(state, { variables: { [String(state['name'])]: state['value'] } }),
  repository_secret: (state) =>
    inRepository(state, {
      secrets: { [String(state['name'])]: { value: { env: String(state['name']) }, version: state['value_version'] ?? 1 } },
    }),
};

/** @returns YAML; null for a kind that the file has no words for */
export function declarationOf(resource: AnyResource, state: ValueMap): string | null {
  const declare = Object.hasOwn(DECLARATIONS, resource.name) ? DECLARATIONS[resource.name] : undefined;
  return declare === undefined ? null : stringify(declare(toPlain(resource.schema as Schema, state)), { lineWidth: 0 });
}
