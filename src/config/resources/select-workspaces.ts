// Which workspaces a selector means. Pure. The data source and the YAML driver share it, so that both mean the same.
import { matchesAnyGlob } from '../../documents/glob.ts';
import type { WorkspaceFacts } from '../../hcp/management/types.ts';

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
  const { names, exclude, tags, project } = selector;
  return workspaces
    .filter(
      (workspace) =>
        (names.length === 0 || matchesAnyGlob(names, workspace.name)) &&
        !matchesAnyGlob(exclude, workspace.name) &&
        tags.every((tag) => hasTag(workspace, tag)) &&
        (project === null || workspace.project?.name === project),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** HCP's tags have no `=` in their names, so the first one ends the key. */
function hasTag({ tags, tagBindings }: WorkspaceFacts, wanted: string): boolean {
  const at = wanted.indexOf('=');
  if (at < 0) return tags.includes(wanted);
  const key = wanted.slice(0, at);
  return Object.hasOwn(tagBindings, key) && tagBindings[key] === wanted.slice(at + 1);
}

/** Does it hold a star or a question mark? Otherwise it names one workspace. */
export const isPattern = (name: string): boolean => /[*?]/.test(name);
