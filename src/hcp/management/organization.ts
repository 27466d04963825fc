// What an organization has that run tasks need: workspaces with projects and tags, agent pools, entitlements. Read only.
import type * as z from 'zod';
import { isHcpFault, type Subject } from './fault.ts';
import {
  agentPoolSchema,
  bindingSchema,
  document,
  entitlementsSchema,
  projectSchema,
  toAgentPool,
  toEntitlements,
  toWorkspace,
  workspaceSchema,
} from './documents.ts';
import type { Listed } from './pages.ts';
import type { Parts } from './run-tasks.ts';
import { part } from './transport.ts';
import type { AgentPool, Entitlements, WorkspaceFacts } from './types.ts';

export interface OrganizationFacts {
  entitlements(organization: string): Promise<Entitlements>;
  /** All that the token may see, with the names of their projects and their tags. */
  workspaces(organization: string): Promise<readonly WorkspaceFacts[]>;
  agentPools(organization: string): Promise<readonly AgentPool[]>;
}

export interface Progress {
  /** `done` of `total` pages of something long; null: nobody said how many. */
  (what: string, done: number, total: number | null): void;
}

const INCLUDE = 'project,effective_tag_bindings';

export function createOrganizationFacts({ transport, list, memory }: Parts, onRead: Progress): OrganizationFacts {
  const pathTo = (organization: string, what: string): string => `/organizations/${part(organization)}/${what}`;

  async function listWorkspaces(organization: string): Promise<Listed<z.output<typeof workspaceSchema>> & { readonly withTags: boolean }> {
    const path = pathTo(organization, 'workspaces');
    const subject: Subject = {
      what: `the workspaces of the organization ${organization}`,
      purpose: 'to find the workspaces that run tasks are attached to',
      permission: 'View all workspaces, or Read on each workspace',
    };
    const onPage = (done: number, total: number | null): void => onRead('workspaces', done, total);
    try {
      return { ...(await list({ path, query: { include: INCLUDE }, subject }, workspaceSchema, onPage)), withTags: true };
    } catch (thrown) {
      // A Terraform Enterprise that does not know one of the two words refuses both.
      if (!isHcpFault(thrown, 'E_HCP_INVALID')) throw thrown;
      return { ...(await list({ path, subject }, workspaceSchema, onPage)), withTags: false };
    }
  }

  async function projectNames(organization: string): Promise<Map<string, string>> {
    const subject: Subject = {
      what: `the projects of the organization ${organization}`,
      purpose: 'to find workspaces by the names of their projects',
      permission: 'View all projects, or Read on each project',
    };
    try {
      const { items } = await list({ path: pathTo(organization, 'projects'), subject }, projectSchema);
      return new Map(items.map(({ id, attributes }) => [id, attributes.name]));
    } catch (thrown) {
      // Terraform Enterprise before projects, or a token that may see workspaces only: their projects stay without names.
      if (isHcpFault(thrown, 'E_HCP_MISSING')) return new Map();
      throw thrown;
    }
  }

  return {
    entitlements: (organization) =>
      memory.remember(`entitlements ${organization}`, async () => {
        const subject: Subject = {
          what: `the entitlements of the organization ${organization}`,
          purpose: 'to tell the limits of its edition before anything is changed',
          permission: 'membership in the organization',
        };
        const answer = await transport.send(
          { method: 'GET', path: pathTo(organization, 'entitlement-set'), subject },
          document(entitlementsSchema),
        );
        return toEntitlements(answer.data);
      }),
    workspaces: (organization) =>
      memory.remember(`workspaces ${organization}`, async () => {
        const { items, included, withTags } = await listWorkspaces(organization);
        const projects = new Map<string, string>();
        const bindings = new Map<string, { readonly key: string; readonly value: string }>();
        for (const item of included) {
          const binding = bindingSchema.safeParse(item);
          if (binding.success) {
            const { key, value } = binding.data.attributes;
            bindings.set(binding.data.id, { key, value: value ?? '' });
            continue;
          }
          const project = projectSchema.safeParse(item);
          if (project.success && project.data.type === 'projects') projects.set(project.data.id, project.data.attributes.name);
        }
        const unnamed = items.some(({ relationships }) => {
          const id = relationships?.project?.data?.id;
          return id !== undefined && !projects.has(id);
        });
        if (unnamed) for (const [id, name] of await projectNames(organization)) projects.set(id, name);
        const facts = items.map((item) => toWorkspace(item, { projects, bindings: withTags ? bindings : null }));
        // A page may repeat what the one before ended with, when a workspace is made in between.
        return [...new Map(facts.map((one) => [one.id, one])).values()];
      }),
    agentPools: (organization) =>
      memory.remember(`agent-pools ${organization}`, async () => {
        const subject: Subject = {
          what: `the agent pools of the organization ${organization}`,
          purpose: 'to find the agent pool of a run task by its name',
          permission: 'Manage agent pools',
          feature: 'private run tasks (agent pools)',
        };
        const { items } = await list({ path: pathTo(organization, 'agent-pools'), subject }, agentPoolSchema);
        return items.map(toAgentPool);
      }),
  };
}
