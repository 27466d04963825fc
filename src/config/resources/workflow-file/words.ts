// What the attributes of a workflow may be: where it stands, which action it uses. Pure.
import { warning, type Problem } from '../../engine/problem.ts';

type Words = Pick<Problem, 'summary' | 'detail'>;
const no = (summary: string, detail: string): Words[] => [{ summary, detail }];

/** GitHub reads workflows in this folder only, and none below it. The name becomes part of a branch's. */
export function checkPath(path: string): readonly Words[] {
  if (!/^\.github\/workflows\/[^/]+$/.test(path) || !/\.ya?ml$/.test(path))
    return no('GitHub reads no workflow there', `Write ".github/workflows/NAME.yml". Found: ${JSON.stringify(path)}`);
  if (!/\/[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/.test(path) || path.includes('..'))
    return no('The name of the file is unusual', `Letters, digits, ".", "-" and "_", 100 at most. Found: ${JSON.stringify(path)}`);
  return [];
}

const ACTION =
  /^(?<repository>[A-Za-z0-9][A-Za-z0-9-]{0,38}\/[A-Za-z0-9_.-]{1,100})(?<folder>(?:\/[A-Za-z0-9_.-]+)*)@(?<ref>[A-Za-z0-9_][A-Za-z0-9_./-]{0,199})$/;

export interface ActionReference {
  /** `org/runtask-action` */
  readonly repository: string;
  readonly ref: string;
  readonly isPinned: boolean;
}

export function readAction(text: string): ActionReference | null {
  const groups = ACTION.exec(text)?.groups;
  if (groups === undefined || text.includes('..')) return null;
  const { repository = '', ref = '' } = groups;
  return { repository, ref, isPinned: /^[0-9a-f]{40}$/.test(ref) };
}

export function checkAction(action: string): readonly Words[] {
  if (readAction(action) !== null) return [];
  return no(
    action.includes('@') ? 'This names no action' : 'The action has no version',
    `Write "OWNER/NAME@v1", or a commit: "OWNER/NAME@" and 40 hexadecimal digits. Found: ${JSON.stringify(action)}`,
  );
}

/** Whoever can push to the branch changes what judges. */
export function warnOfBranch(attribute: string, action: unknown): readonly Problem[] {
  const read = typeof action === 'string' ? readAction(action) : null;
  if (read === null || read.isPinned || /^v?\d+(?:\.\d+)*(?:[-+][0-9A-Za-z.-]+)?$/.test(read.ref)) return [];
  return [
    warning(
      [attribute],
      `${JSON.stringify(read.ref)} looks like a branch`,
      'What a branch holds changes with every push to it. Use a version (v1) or, so that nobody can change it, a commit (40 hexadecimal digits)',
    ),
  ];
}

/** It ends a line of the workflow. */
export const checkVersionComment = (text: string): readonly Words[] =>
  /^[A-Za-z0-9][A-Za-z0-9_.+-]{0,99}$/.test(text) ? [] : no('This is no version', `Such as "v1.2.3". Found: ${JSON.stringify(text)}`);

export const checkVia = (via: string): readonly Words[] =>
  ['commit', 'pull_request'].includes(via)
    ? []
    : no('Unknown way to bring the workflow', `Use "commit" or "pull_request". Found: ${JSON.stringify(via)}`);

/** The action sends the proof of who it is there: https, but for a relay on the same machine. */
export function checkRelayUrl(text: string): readonly Words[] {
  const url = URL.canParse(text) ? new URL(text) : null;
  const detail = 'Such as "https://relay.example.com"; leave it out to use the repository variable RUNTASK_RELAY_URL';
  if (url === null) return no('This is no URL', detail);
  if (url.username !== '' || url.password !== '')
    return no('The URL holds credentials', 'Everybody who may read the repository can read the workflow: leave them out');
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLocal) ? [] : no('The relay is not reached over https', detail);
}

/** Names as action.yml has them; what they mean is the action's to judge. */
export function checkInputs(inputs: Readonly<Record<string, string>>): readonly (Words & { readonly path: readonly string[] })[] {
  return Object.keys(inputs).flatMap((name) => {
    if (name === 'relay-url') return [{ ...word('The relay is set by `relay_url`', 'Write it there'), path: [name] }];
    if (!/^[a-z][a-z0-9-]{0,63}$/.test(name))
      return [{ ...word('No input is called so', `Small letters, digits and "-". Found: ${JSON.stringify(name)}`), path: [name] }];
    return [];
  });
}
const word = (summary: string, detail: string): Words => ({ summary, detail });

export const checkRunsOn = (label: string): readonly Words[] =>
  /^[A-Za-z0-9_][A-Za-z0-9_. -]{0,99}$/.test(label)
    ? []
    : no('This is no label of a runner', `Such as "ubuntu-latest". Found: ${JSON.stringify(label)}`);

/** 100 characters at most ("Create a repository dispatch event", read 2026-11-22). */
export const checkEventType = (type: string): readonly Words[] =>
  /^[A-Za-z0-9_.-]{1,100}$/.test(type)
    ? []
    : no('This is no event type', `Letters, digits, ".", "-" and "_", as in relay.yml. Found: ${JSON.stringify(type)}`);
