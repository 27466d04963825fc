// Organizations, their entitlements and workspaces: made and read. Changing them has no use yet.
import * as z from 'zod';
import { json, pageOf, readBody } from '../json-api.ts';
import type { Handler } from '../router.ts';
import type { Organization, Project, Workspace } from '../types.ts';
import { forAdmin, found, iso, type ApiContext } from './context.ts';

const organizationBody = z.object({
  data: z.object({ type: z.literal('organizations'), attributes: z.object({ name: z.string().regex(/^[A-Za-z0-9_-]+$/) }) }),
});

const workspaceBody = z.object({
  data: z.object({
    type: z.literal('workspaces'),
    attributes: z.object({
      'name': z.string().regex(/^[A-Za-z0-9_-]+$/),
      'working-directory': z.string().optional(),
      /** Real requests name an OAuth token or an App installation as well; here every repository is GitHub's. */
      'vcs-repo': z.object({ identifier: z.string().regex(/^[^/]+\/[^/]+$/), branch: z.string().optional() }).nullish(),
    }),
  }),
});

export function organizationRoutes(context: ApiContext): Record<string, Handler> {
  const { world } = context;
  const admin = (handle: Handler): Handler => forAdmin(context, handle);
  const organization = (name: string | undefined): Organization => found(world.organizations.get(name!));
  return {
    'POST /organizations': admin((request) => {
      const { name } = readBody(organizationBody, request).data.attributes;
      return json(201, { data: toOrganization(context.registry.createOrganization(name)) });
    }),
    'POST /organizations/:organization/workspaces': admin((request) => {
      const { name } = organization(request.params['organization']);
      const { attributes } = readBody(workspaceBody, request).data;
      const repository = attributes['vcs-repo'];
      const made = context.registry.createWorkspace({
        organization: name,
        name: attributes.name,
        workingDirectory: attributes['working-directory'] ?? '',
        vcs: repository ? { repositoryUrl: `https://github.com/${repository.identifier}`, branch: repository.branch ?? 'main' } : null,
      });
      return json(201, { data: toWorkspace(made) });
    }),
    'GET /organizations': admin((request) => pageOf([...world.organizations.values()], request, toOrganization)),
    'GET /organizations/:organization': admin(({ params }) => json(200, { data: toOrganization(organization(params['organization'])) })),
    'GET /organizations/:organization/entitlement-set': admin(({ params }) =>
      json(200, { data: toEntitlementSet(organization(params['organization'])) }),
    ),
    'GET /organizations/:organization/workspaces': admin((request) => {
      const search = request.url.searchParams.get('search[name]') ?? '';
      const all = world.workspacesOf(organization(request.params['organization']).name);
      return pageOf(
        all.filter((workspace) => workspace.name.includes(search)),
        request,
        toWorkspace,
      );
    }),
    'GET /organizations/:organization/workspaces/:name': admin(({ params }) =>
      json(200, { data: toWorkspace(found(world.workspaceNamed(params['organization']!, params['name']!))) }),
    ),
    'GET /workspaces/:id': admin(({ params }) => json(200, { data: toWorkspace(found(world.workspaces.get(params['id']!))) })),
    'GET /projects/:id': admin(({ params }) =>
      json(200, {
        data: toProject(found([...world.workspaces.values()].map(({ project }) => project).find(({ id }) => id === params['id']))),
      }),
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
      'run-tasks': true,
      'global-run-tasks': false,
      'private-run-tasks': false,
      'run-task-limit': entitlements.runTaskLimit,
      'run-task-workspace-limit': entitlements.runTaskWorkspaceLimit,
      'run-task-mandatory-enforcement-limit': entitlements.runTaskMandatoryLimit,
    },
    links: { self: `/api/v2/organizations/${name}/entitlement-set` },
  };
}

function toProject(project: Project): unknown {
  return {
    id: project.id,
    type: 'projects',
    attributes: { 'name': project.name, 'description': null, 'created-at': iso(project.createdAt) },
    relationships: { organization: { data: { id: project.organization, type: 'organizations' } } },
    links: { self: `/api/v2/projects/${project.id}` },
  };
}

function toWorkspace(workspace: Workspace): unknown {
  const identifier = workspace.vcs === null ? null : new URL(workspace.vcs.repositoryUrl).pathname.slice(1).replace(/\.git$/, '');
  return {
    id: workspace.id,
    type: 'workspaces',
    attributes: {
      'name': workspace.name,
      'created-at': iso(workspace.createdAt),
      'updated-at': iso(workspace.createdAt),
      'terraform-version': '1.11.4',
      'working-directory': workspace.workingDirectory,
      'execution-mode': 'remote',
      'vcs-repo-identifier': identifier,
      'vcs-repo':
        workspace.vcs === null
          ? null
          : { 'identifier': identifier, 'branch': workspace.vcs.branch, 'repository-http-url': workspace.vcs.repositoryUrl },
      'tag-names': [],
    },
    relationships: {
      organization: { data: { id: workspace.organization, type: 'organizations' } },
      project: { data: { id: workspace.project.id, type: 'projects' } },
    },
    links: { self: `/api/v2/organizations/${workspace.organization}/workspaces/${workspace.name}` },
  };
}
