// Workspaces, projects and tags as the API shows them. No routes.
//
// Flat tags stand in `tag-names`, key-value tags in effective tag bindings, and neither in the other: what HCP shows of one kind in the place
// of the other is UNCONFIRMED, and who reads only one of the places is to notice here.
import type { Project, Workspace } from '../types.ts';
import { iso } from './context.ts';

export function toProject(project: Project): unknown {
  return {
    id: project.id,
    type: 'projects',
    attributes: { 'name': project.name, 'description': null, 'created-at': iso(project.createdAt) },
    relationships: { organization: { data: { id: project.organization, type: 'organizations' } } },
    links: { self: `/api/v2/projects/${project.id}` },
  };
}

/** A workspace's own value goes before its project's. */
export const effectiveTags = ({ project, tagBindings }: Workspace): Readonly<Record<string, string>> => ({
  ...project.tagBindings,
  ...tagBindings,
});

export const toTagBindings = ({ id, tagBindings }: Workspace): unknown[] =>
  Object.entries(tagBindings).map(([key, value]) => ({ id: `tb-${id}-${key}`, type: 'tag-bindings', attributes: { key, value } }));

export const toEffectiveTagBindings = (workspace: Workspace): { id: string; type: string }[] =>
  Object.entries(effectiveTags(workspace)).map(([key, value]) => ({
    id: `etb-${workspace.id}-${key}`,
    type: 'effective-tag-bindings',
    attributes: { key, value },
    relationships: Object.hasOwn(workspace.tagBindings, key)
      ? {}
      : { 'inherited-from': { data: { id: workspace.project.id, type: 'projects' } } },
  }));

/** @param withTags  names its effective tag bindings, because they are included */
export function toWorkspace(workspace: Workspace, withTags: boolean): unknown {
  const repository = workspace.vcs === null ? null : new URL(workspace.vcs.repositoryUrl).pathname.slice(1).replace(/\.git$/, '');
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
      'vcs-repo-identifier': repository,
      'vcs-repo':
        workspace.vcs === null
          ? null
          : { 'identifier': repository, 'branch': workspace.vcs.branch, 'repository-http-url': workspace.vcs.repositoryUrl },
      'tag-names': workspace.tags,
    },
    relationships: {
      organization: { data: { id: workspace.organization, type: 'organizations' } },
      project: { data: { id: workspace.project.id, type: 'projects' } },
      ...(withTags ? { 'effective-tag-bindings': { data: toEffectiveTagBindings(workspace).map(({ id, type }) => ({ id, type })) } } : {}),
    },
    links: { self: `/api/v2/organizations/${workspace.organization}/workspaces/${workspace.name}` },
  };
}
