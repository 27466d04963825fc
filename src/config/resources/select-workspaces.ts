// Which workspaces a selector means. Pure. The data source and the YAML driver share it, so that both mean the same.
import { matchesAnyGlob } from '../../documents/glob.ts';
import type { WorkspaceFacts } from '../../hcp/management/types.ts';
import { problem, type Problem } from '../engine/problem.ts';

/** All that is said must hold. Nothing said: every workspace. */
export interface WorkspaceSelector {
  /** Patterns of names: `net-*`; a name matches one of them. Empty: any name. */
  readonly names: readonly string[];
  /** Patterns of names that are not meant, whatever else holds. */
  readonly exclude: readonly string[];
  /** `prod`: a flat tag, or the key of a key-value tag. `env=prod`: a key-value tag with that value. All of them. Empty: any. */
  readonly tags: readonly string[];
  /** The project's name. null: any project. */
  readonly project: string | null;
}

/** @returns those that are meant, by name */
export function selectWorkspaces(workspaces: readonly WorkspaceFacts[], selector: WorkspaceSelector): WorkspaceFacts[] {
  return workspaces.filter((workspace) => judge(workspace, selector).isMeant === true).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Where nobody can tell whether a workspace is meant, because the token may not see its project or the API does not tell its tags. Leaving
 * it out would take its run tasks off, as if somebody had wanted that.
 * @returns errors with the path in the selector
 */
export function tellUndecided(workspaces: readonly WorkspaceFacts[], selector: WorkspaceSelector): Problem[] {
  const undecided = workspaces.map((workspace) => judge(workspace, selector)).filter(({ isMeant }) => isMeant === null);
  const many = (part: 'project' | 'tags'): number => undecided.filter(({ untold }) => untold.includes(part)).length;
  const of = (count: number): string => (count === 1 ? 'a workspace' : `${count} workspaces`);
  const [project, tags] = [many('project'), many('tags')];
  return [
    ...(project === 0
      ? []
      : [
          problem(
            ['project'],
            `The token does not see in which project ${of(project)} ${project === 1 ? 'is' : 'are'}`,
            'So nobody can tell whether they are meant, and taking them for others would detach run tasks. Give the team of the token the permission "View all projects", or select without project',
          ),
        ]),
    ...(tags === 0
      ? []
      : [
          problem(
            ['tags'],
            `The API does not tell all tags of ${of(tags)}`,
            'So nobody can tell whether they are meant, and taking them for others would detach run tasks. Try again; a Terraform Enterprise without key-value tags takes tags without "="',
          ),
        ]),
  ];
}

interface Judgement {
  /** null: what would decide it is not told. */
  readonly isMeant: boolean | null;
  readonly untold: readonly ('project' | 'tags')[];
}

function judge(workspace: WorkspaceFacts, { names, exclude, tags, project }: WorkspaceSelector): Judgement {
  const isProject = project === null ? true : workspace.project?.name === null ? null : workspace.project?.name === project;
  const hasTags = tags.map((tag) => hasTag(workspace, tag));
  const parts = [
    names.length === 0 || matchesAnyGlob(names, workspace.name),
    !matchesAnyGlob(exclude, workspace.name),
    isProject,
    ...hasTags,
  ];
  if (parts.includes(false)) return { isMeant: false, untold: [] };
  if (!parts.includes(null)) return { isMeant: true, untold: [] };
  return {
    isMeant: null,
    untold: [...(isProject === null ? (['project'] as const) : []), ...(hasTags.includes(null) ? (['tags'] as const) : [])],
  };
}

/** HCP's tags have no `=` in their names, so the first one ends the key. @returns null: not told */
function hasTag({ tags, tagBindings, tagsUntold }: WorkspaceFacts, wanted: string): boolean | null {
  const at = wanted.indexOf('=');
  if (at < 0) return tags.includes(wanted) || (tagsUntold === 'some' ? null : false);
  const key = wanted.slice(0, at);
  if (Object.hasOwn(tagBindings, key)) return tagBindings[key] === wanted.slice(at + 1);
  return tagsUntold === undefined ? false : null;
}

/** Does it hold a star or a question mark? Otherwise it names one workspace. */
export const isPattern = (name: string): boolean => /[*?]/.test(name);
