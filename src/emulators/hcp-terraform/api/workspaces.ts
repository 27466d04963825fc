// Workspaces: made, listed with filters, read, changed, deleted, tagged.
//
// Source: HashiCorp's OpenAPI (2026-08). `search[tags]` and `search[exclude-tags]` stand in "Workspaces API" only, and so does the form that
// clients write tag filters in, `filter[tagged][0][key]` (read 2026-11).
import * as z from 'zod';
import { json, pageOf, readBody } from '../json-api.ts';
import { onlyQuery, readInclude } from '../query.ts';
import type { Handler, Routed } from '../router.ts';
import type { Permission, Project, Workspace } from '../types.ts';
import { found, withPermission, type ApiContext } from './context.ts';
import { identifier } from './task-documents.ts';
import { toEffectiveTagBindings, toProject, toTagBindings, toWorkspace } from './workspace-documents.ts';
import { filterWorkspaces, WORKSPACE_FILTERS } from './workspace-filters.ts';

const binding = z.object({
  type: z.literal('tag-bindings'),
  attributes: z.object({ key: z.string().min(1), value: z.string().optional() }),
});
const bindings = z.object({ data: z.array(binding) });
const tags = z.object({ data: z.array(z.object({ type: z.literal('tags'), attributes: z.object({ name: z.string().min(1) }) })) });

const attributes = z.object({
  'name': z.string().regex(/^[A-Za-z0-9_-]+$/),
  'working-directory': z.string().optional(),
  /** Real requests name an OAuth token or an App installation as well; here every repository is GitHub's. */
  'vcs-repo': z.object({ identifier: z.string().regex(/^[^/]+\/[^/]+$/), branch: z.string().optional() }).nullish(),
});
const relationships = z.object({ 'project': identifier('projects').optional(), 'tag-bindings': bindings.optional() }).optional();
const createBody = z.object({ data: z.object({ type: z.literal('workspaces'), attributes, relationships }) });
const updateBody = z.object({
  data: z.object({ type: z.literal('workspaces'), attributes: attributes.partial().optional(), relationships }),
});

/** What the emulator can include; the rest of the description's list gives nothing. */
const INCLUDES = ['organization', 'project', 'effective_tag_bindings', 'current_run', 'agent_pool', 'vars', 'readme', 'outputs'];

export function workspaceRoutes(context: ApiContext): Record<string, Handler> {
  const { world, registry } = context;
  const allow = (anyOf: readonly Permission[], handle: Handler): Handler => withPermission(context, anyOf, handle);
  const read: readonly Permission[] = ['read-workspaces', 'manage-workspaces'];
  const write: readonly Permission[] = ['manage-workspaces'];
  const byId = ({ params }: Routed): Workspace => found(world.workspaces.get(params['id']!));
  const byName = ({ params }: Routed): Workspace => found(world.workspaceNamed(params['organization']!, params['name']!));

  const projectOf = (organization: string, id: string | undefined): { project?: string } => {
    if (id === undefined) return {};
    const project: Project = found(world.projects.get(id));
    return { project: found(project.organization === organization ? project : undefined).name };
  };
  const show = (find: (request: Routed) => Workspace): Handler => {
    return allow(read, (request) => {
      const include = readInclude(onlyQuery(request, ['include']), INCLUDES);
      const workspace = find(request);
      const also = included([workspace], include);
      const data = toWorkspace(workspace, include.has('effective_tag_bindings'));
      return json(200, { data, ...(also === undefined ? {} : { included: also }) });
    });
  };
  const change = (find: (request: Routed) => Workspace): Handler => {
    return allow(write, (request) => {
      const workspace = find(request);
      const { data } = readBody(updateBody, request);
      const repository = data.attributes?.['vcs-repo'];
      const { name, 'working-directory': workingDirectory } = data.attributes ?? {};
      registry.updateWorkspace(workspace, {
        ...(name === undefined ? {} : { name }),
        ...(workingDirectory === undefined ? {} : { workingDirectory }),
        ...(repository === undefined ? {} : { vcs: toVcs(repository) }),
        ...projectOf(workspace.organization, data.relationships?.project?.data.id),
        ...readBindings(data.relationships?.['tag-bindings']),
      });
      return json(200, { data: toWorkspace(workspace, false) });
    });
  };
  const remove = (find: (request: Routed) => Workspace): Handler => {
    return allow(write, (request) => {
      world.removeWorkspace(find(request));
      return { status: 204 };
    });
  };

  return {
    'POST /organizations/:organization/workspaces': allow(write, (request) => {
      const { name: organization } = found(world.organizations.get(request.params['organization']!));
      const { data } = readBody(createBody, request);
      const made = registry.createWorkspace({
        organization,
        name: data.attributes.name,
        workingDirectory: data.attributes['working-directory'] ?? '',
        vcs: toVcs(data.attributes['vcs-repo'] ?? null),
        ...projectOf(organization, data.relationships?.project?.data.id),
        ...readBindings(data.relationships?.['tag-bindings']),
      });
      return json(201, { data: toWorkspace(made, false) });
    }),
    'GET /organizations/:organization/workspaces': allow(read, (request) => {
      const { name } = found(world.organizations.get(request.params['organization']!));
      const query = onlyQuery(request, WORKSPACE_FILTERS);
      const include = readInclude(query, INCLUDES);
      const matching = filterWorkspaces(world.workspaces.by('organization', name), query);
      return pageOf(
        matching,
        request,
        (one) => toWorkspace(one, include.has('effective_tag_bindings')),
        (page) => included(page, include),
      );
    }),
    'GET /organizations/:organization/workspaces/:name': show(byName),
    'PATCH /organizations/:organization/workspaces/:name': change(byName),
    'DELETE /organizations/:organization/workspaces/:name': remove(byName),
    'GET /workspaces/:id': show(byId),
    'PATCH /workspaces/:id': change(byId),
    'DELETE /workspaces/:id': remove(byId),

    'GET /workspaces/:id/relationships/tags': allow(read, (request) =>
      pageOf(byId(request).tags, request, (name) => ({ id: `tag-${name}`, type: 'tags', attributes: { name } })),
    ),
    'POST /workspaces/:id/relationships/tags': allow(write, (request) => {
      const workspace = byId(request);
      const added = readBody(tags, request).data.map((tag) => tag.attributes.name);
      workspace.tags = [...new Set([...workspace.tags, ...added])];
      return { status: 204 };
    }),
    'DELETE /workspaces/:id/relationships/tags': allow(write, (request) => {
      const workspace = byId(request);
      const gone = new Set(
        readBody(z.object({ data: z.array(z.object({ type: z.literal('tags'), id: z.string() })) }), request).data.map(({ id }) => id),
      );
      workspace.tags = workspace.tags.filter((name) => !gone.has(`tag-${name}`));
      return { status: 204 };
    }),
    'GET /workspaces/:id/relationships/tag-bindings': allow(read, (request) => json(200, { data: toTagBindings(byId(request)) })),
    'GET /workspaces/:id/effective-tag-bindings': allow(read, (request) => json(200, { data: toEffectiveTagBindings(byId(request)) })),
    'PATCH /workspaces/:id/relationships/tag-bindings': allow(write, (request) => {
      registry.updateWorkspace(byId(request), readBindings(readBody(bindings, request)));
      return { status: 204 };
    }),
  };
}

const toVcs = (repository: { identifier: string; branch?: string | undefined } | null): Workspace['vcs'] =>
  repository === null ? null : { repositoryUrl: `https://github.com/${repository.identifier}`, branch: repository.branch ?? 'main' };

const readBindings = (said: z.output<typeof bindings> | undefined): { tagBindings?: Record<string, string> } =>
  said === undefined ? {} : { tagBindings: Object.fromEntries(said.data.map((one) => [one.attributes.key, one.attributes.value ?? ''])) };

/** undefined: nothing was asked for. */
function included(page: readonly Workspace[], include: ReadonlySet<string>): unknown[] | undefined {
  if (include.size === 0) return undefined;
  const projects = include.has('project') ? new Set(page.map(({ project }) => project)) : [];
  const tagged = include.has('effective_tag_bindings') ? page : [];
  return [...[...projects].map(toProject), ...tagged.flatMap(toEffectiveTagBindings)];
}
