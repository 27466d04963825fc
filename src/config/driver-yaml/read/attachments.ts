// Which workspaces the attachments of the file mean, and what about them surprises: a name that is not there, a pattern that takes
// nothing, one workspace twice. Pure.
import type { AttachmentSpec } from '../../../contracts/config-file.ts';
import { didYouMean } from '../../../base/did-you-mean.ts';
import { matchGlob } from '../../../documents/glob.ts';
import type { DocumentPath } from '../../../documents/path.ts';
import type { WorkspaceFacts } from '../../../hcp/management/index.ts';
import { problem, warning, type Problem } from '../../engine/problem.ts';
import { isPattern, selectWorkspaces, tellUndecided } from '../../resources/select-workspaces.ts';
import type { EmptySelection, Expanded } from '../item.ts';
import { QUOTE_RULES } from './words.ts';

export interface Target {
  readonly attachment: AttachmentSpec;
  readonly workspace: string;
  /** Of the attachment. */
  readonly at: DocumentPath;
  /** Of the name or the selection that took the workspace. */
  readonly place: DocumentPath;
}

type Placed = Expanded['problems'][number];

/** @param lineOf  of the file, for two entries that contradict each other */
export function expandAttachments(
  attachments: readonly AttachmentSpec[],
  workspaces: readonly WorkspaceFacts[],
  organization: string,
  lineOf: (path: DocumentPath) => number | undefined,
): { readonly targets: readonly Target[]; readonly problems: readonly Placed[]; readonly empty: readonly EmptySelection[] } {
  const problems: Placed[] = [];
  const empty: EmptySelection[] = [];
  const targets = new Map<string, Target>();
  attachments.forEach((attachment, index) => {
    const at: DocumentPath = ['attachments', index];
    const selection = toSelection(attachment, at);
    const taken = selectWorkspaces(workspaces, selection);
    problems.push(...surprises(selection, workspaces, taken, organization));
    if (taken.length === 0) empty.push({ runTask: attachment.run_task, place: selection.place });
    const contradicted = new Map<Target, string[]>();
    for (const { name } of taken) {
      const key = JSON.stringify([attachment.run_task, name]);
      const first = targets.get(key);
      if (first === undefined) targets.set(key, { attachment, workspace: name, at, place: placeOfName(selection, name) });
      else if (!isSame(first.attachment, attachment)) contradicted.set(first, [...(contradicted.get(first) ?? []), name]);
    }
    problems.push(...contradictions(contradicted, attachment, at, lineOf));
  });
  return { targets: [...targets.values()], problems, empty };
}

interface Selection {
  readonly names: readonly string[];
  readonly exclude: readonly string[];
  readonly tags: readonly string[];
  readonly project: string | null;
  readonly place: DocumentPath;
  readonly placeOfNames: DocumentPath;
}

function toSelection({ workspaces }: AttachmentSpec, at: DocumentPath): Selection {
  const place = [...at, 'workspaces'];
  if (Array.isArray(workspaces)) return { names: workspaces, exclude: [], tags: [], project: null, place, placeOfNames: place };
  const { names = [], exclude = [], tags = [], project = null } = workspaces;
  return { names, exclude, tags, project, place, placeOfNames: [...place, 'names'] };
}

function placeOfName({ names, place, placeOfNames }: Selection, workspace: string): DocumentPath {
  const exact = names.indexOf(workspace);
  const index = exact >= 0 ? exact : names.findIndex((name) => matchGlob(name, workspace));
  return index < 0 ? place : [...placeOfNames, index];
}

function surprises(
  selection: Selection,
  workspaces: readonly WorkspaceFacts[],
  taken: readonly WorkspaceFacts[],
  organization: string,
): Placed[] {
  const { names, exclude, tags, project, place, placeOfNames } = selection;
  const all = workspaces.map(({ name }) => name);
  const undecided = tellUndecided(workspaces, selection).map((one) => ({ ...one, path: [], place: [...place, ...one.path.map(String)] }));
  // What else surprises would follow from that.
  if (undecided.length > 0) return undecided;
  const found: Placed[] = [];
  const say = (at: DocumentPath, { severity, summary, detail }: Problem): void =>
    void found.push({ severity, summary, detail, path: [], place: at });
  const hidden = 'A token sees only the workspaces that it may read';

  names.forEach((name, index) => {
    const at = [...placeOfNames, index];
    if (isPattern(name)) {
      if (!all.some((one) => matchGlob(name, one))) say(at, warning([], `No workspace matches ${quote(name)}`, hidden));
    } else if (!all.includes(name))
      say(
        at,
        problem(
          [],
          `${organization} has no workspace ${quote(name)}`,
          meant(name, all) ?? `Make the workspace first, or remove the name. ${hidden}`,
        ),
      );
  });
  tags.forEach((tag, index) => {
    const known = new Set(
      workspaces.flatMap((one) => [...one.tags, ...Object.entries(one.tagBindings).map(([key, value]) => `${key}=${value}`)]),
    );
    if (!known.has(tag))
      say([...place, 'tags', index], warning([], `No workspace has the tag ${quote(tag)}`, meant(tag, [...known]) ?? hidden));
  });
  const projects = [...new Set(workspaces.flatMap((one) => one.project?.name ?? []))];
  if (project !== null && !projects.includes(project))
    say([...place, 'project'], warning([], `No workspace is in a project ${quote(project)}`, meant(project, projects) ?? hidden));
  if (found.length === 0 && taken.length === 0 && !isAllExcluded(selection, workspaces))
    say(place, warning([], 'The selection takes no workspace', 'All that it says must hold of the same workspace'));

  const before = selectWorkspaces(workspaces, { ...selection, exclude: [] });
  exclude.forEach((name, index) => {
    if (before.some((one) => matchGlob(name, one.name))) return;
    const near = meant(
      name,
      before.map((one) => one.name),
    );
    say([...place, 'exclude', index], warning([], `${quote(name)} leaves nothing out`, near ?? 'Nothing that the rest selects matches it'));
  });
  if (taken.length === 0 && before.length > 0)
    say([...place, 'exclude'], warning([], 'Everything that is selected is left out', `Of ${before.length} workspaces none remains`));
  return found;
}

const isAllExcluded = (selection: Selection, workspaces: readonly WorkspaceFacts[]): boolean =>
  selection.exclude.length > 0 && selectWorkspaces(workspaces, { ...selection, exclude: [] }).length > 0;

const quote = (name: string): string => (QUOTE_RULES.key(name) ? `"${name}"` : 'of that name');

/** Names of the organization are text from outside: repeated are those that look like names. */
function meant(name: string, known: readonly string[]): string | null {
  const near = QUOTE_RULES.key(name)
    ? didYouMean(
        name,
        known.filter((one) => QUOTE_RULES.key(one)),
      )
    : null;
  return near === null ? null : `Did you mean "${near}"?`;
}

const isSame = (a: AttachmentSpec, b: AttachmentSpec): boolean => wordsOf(a) === wordsOf(b);
const wordsOf = ({ stages, enforcement_level }: AttachmentSpec): string =>
  `${enforcement_level} at ${[...new Set(stages)].sort().join(', ')}`;

function contradictions(
  contradicted: ReadonlyMap<Target, readonly string[]>,
  attachment: AttachmentSpec,
  at: DocumentPath,
  lineOf: (path: DocumentPath) => number | undefined,
): Placed[] {
  const byEntry = new Map<DocumentPath, { readonly first: Target; readonly names: string[] }>();
  for (const [first, names] of contradicted) {
    const entry = byEntry.get(first.at) ?? { first, names: [] };
    entry.names.push(...names);
    byEntry.set(first.at, entry);
  }
  return [...byEntry.values()].map(({ first, names }) => {
    const [name = ''] = names;
    const more = names.length > 1 ? ` and ${names.length - 1} more` : '';
    return {
      ...problem(
        [],
        `Two attachments say different things of the workspace ${quote(name)}${more}`,
        `Line ${lineOf(first.at)}: ${wordsOf(first.attachment)}. Line ${lineOf(at)}: ${wordsOf(attachment)}. Leave the workspace out of one of them with \`exclude\``,
      ),
      place: at,
    };
  });
}
