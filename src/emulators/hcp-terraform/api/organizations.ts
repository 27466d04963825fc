// Organizations, what they are entitled to, their projects and agent pools: made and read.
import * as z from 'zod';
import { json, pageOf, readBody } from '../json-api.ts';
import { onlyQuery } from '../query.ts';
import type { Handler } from '../router.ts';
import type { AgentPool, Organization, Permission } from '../types.ts';
import { found, iso, withPermission, type ApiContext } from './context.ts';
import { toProject } from './workspace-documents.ts';

const named = <T extends string>(type: T, name: z.ZodType<string>) =>
  z.object({ data: z.object({ type: z.literal(type), attributes: z.object({ name }) }) });
const organizationBody = named('organizations', z.string().regex(/^[A-Za-z0-9_-]+$/));
const projectBody = named('projects', z.string().min(3).max(40));
const agentPoolBody = named('agent-pools', z.string().min(1));

export function organizationRoutes(context: ApiContext): Record<string, Handler> {
  const { world, registry } = context;
  const allow = (anyOf: readonly Permission[], handle: Handler): Handler => withPermission(context, anyOf, handle);
  const organization = (name: string | undefined): Organization => found(world.organizations.get(name!));
  return {
    'POST /organizations': allow(['manage-workspaces'], (request) => {
      const { name } = readBody(organizationBody, request).data.attributes;
      return json(201, { data: toOrganization(registry.createOrganization(name)) });
    }),
    'GET /organizations': allow([], (request) => pageOf([...world.organizations.values()], request, toOrganization)),
    'GET /organizations/:organization': allow([], ({ params }) =>
      json(200, { data: toOrganization(organization(params['organization'])) }),
    ),
    'GET /organizations/:organization/entitlement-set': allow([], ({ params }) =>
      json(200, { data: toEntitlementSet(organization(params['organization'])) }),
    ),

    'GET /organizations/:organization/projects': allow(['read-workspaces', 'manage-workspaces'], (request) => {
      const { name } = organization(request.params['organization']);
      const names = onlyQuery(request, ['filter[names]']).get('filter[names]')?.split(',');
      const all = world.projects.by('organization', name);
      return pageOf(names === undefined ? all : all.filter((project) => names.includes(project.name)), request, toProject);
    }),
    'POST /organizations/:organization/projects': allow(['manage-workspaces'], (request) => {
      const { name } = organization(request.params['organization']);
      const { attributes } = readBody(projectBody, request).data;
      return json(201, { data: toProject(registry.createProject({ organization: name, name: attributes.name })) });
    }),
    'GET /projects/:id': allow(['read-workspaces', 'manage-workspaces'], ({ params }) =>
      json(200, { data: toProject(found(world.projects.get(params['id']!))) }),
    ),

    'GET /organizations/:organization/agent-pools': allow(['manage-agent-pools'], (request) => {
      const { name } = organization(request.params['organization']);
      const wanted = onlyQuery(request, ['q']).get('q') ?? '';
      const pools = world.agentPools.by('organization', name).filter((pool) => pool.name.includes(wanted));
      return pageOf(pools, request, toAgentPool);
    }),
    // 200 and not 201: so HashiCorp's OpenAPI (2026-08); its documentation says 201.
    'POST /organizations/:organization/agent-pools': allow(['manage-agent-pools'], (request) => {
      const { name } = organization(request.params['organization']);
      const { attributes } = readBody(agentPoolBody, request).data;
      return json(200, { data: toAgentPool(registry.createAgentPool({ organization: name, name: attributes.name })) });
    }),
    'GET /agent-pools/:id': allow(['manage-agent-pools'], ({ params }) =>
      json(200, { data: toAgentPool(found(world.agentPools.get(params['id']!))) }),
    ),
  };
}

function toOrganization(organization: Organization): unknown {
  return {
    id: organization.name,
    type: 'organizations',
    attributes: { 'name': organization.name, 'created-at': iso(organization.createdAt), 'email': 'owner@example.com' },
    relationships: { 'entitlement-set': { data: { id: organization.name, type: 'entitlement-sets' } } },
    links: { self: `/api/v2/organizations/${organization.name}` },
  };
}

function toEntitlementSet({ name, entitlements }: Organization): unknown {
  return {
    id: name,
    type: 'entitlement-sets',
    attributes: {
      'run-tasks': entitlements.runTasks,
      'global-run-tasks': entitlements.globalRunTasks,
      'private-run-tasks': entitlements.privateRunTasks,
      'run-task-limit': entitlements.runTaskLimit,
      'run-task-workspace-limit': entitlements.runTaskWorkspaceLimit,
      'run-task-mandatory-enforcement-limit': entitlements.runTaskMandatoryLimit,
    },
    links: { self: `/api/v2/organizations/${name}/entitlement-set` },
  };
}

const toAgentPool = (pool: AgentPool): unknown => ({
  id: pool.id,
  type: 'agent-pools',
  attributes: { 'name': pool.name, 'created-at': iso(pool.createdAt), 'organization-scoped': true, 'agent-count': 0 },
  relationships: { organization: { data: { id: pool.organization, type: 'organizations' } } },
  links: { self: `/api/v2/agent-pools/${pool.id}` },
});
