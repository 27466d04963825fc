// What only the config tool knows about a mistake in its file: what to write at each key, and what of the file may be repeated. Pure.
import { isKnownCredential, looksLikeSecret } from '../../../documents/looks-like-secret.ts';
import { nameOf, type DocumentPath } from '../../../documents/path.ts';
import type { QuoteRules } from '../../../documents/read-yaml.ts';
import type { RoomWords } from '../../../documents/shape.ts';

/** For what is missing or of another kind. */
const REMEDIES: Readonly<Record<string, string>> = {
  hcp: 'Add: hcp: { organization: NAME, token: { env: TFE_TOKEN } }',
  organization: 'Write the name of the organization on HCP Terraform',
  url: 'Write the URL that HCP Terraform posts to: https://relay.example.com/hooks/gate',
  api_url: 'Write the URL of GitHub’s API: https://HOST/api/v3',
  hmac_key_version: 'Write `hmac_key_version: 1`, and one more whenever the key changes',
  run_tasks: 'Write { NAME: {} }',
  attachments: 'Write [{ run_task: NAME, workspaces: ["net-*"], enforcement_level: mandatory }]',
  repositories: 'Write { OWNER/NAME: { workflow: { … } } }',
  repository: 'Write { workflow: { … }, variables: { … }, secrets: { … } }, or what of it is needed',
  run_task: 'Write the name of one of `run_tasks`',
  workspaces: 'Write names or patterns, [net-prod, "net-*"], or a selection: { names: ["net-*"], exclude: [net-sandbox] }',
  enforcement_level: 'Write `advisory` or `mandatory`',
  stages: 'Write the stages of the run: [post_plan]',
  path: 'Write where the workflow is written: .github/workflows/run-task.yml',
  action: 'Write the action with its version: org/runtask-action@v1',
  workflow: 'Write { path: .github/workflows/run-task.yml, action: org/runtask-action@v1 }',
};

/** Names of people's choice stand among the keys: `constructor` is one of them, and has no remedy. */
const remedyFor = (key: string): string => (Object.hasOwn(REMEDIES, key) ? (REMEDIES[key] ?? '') : '');

/** Where secrets are named, each with the variable that is usual for it. `*`: any name. */
const SECRET_PLACES: readonly (readonly [place: DocumentPath, variable: string])[] = [
  [['hcp', 'token'], 'TFE_TOKEN'],
  [['github', 'token'], 'GITHUB_TOKEN'],
  [['relay', 'hmac_key'], 'RUNTASK_HMAC_KEY'],
  [['run_tasks', '*', 'hmac_key'], 'RUNTASK_HMAC_KEY'],
  [['repositories', '*', 'secrets', '*', 'value'], 'NAME'],
];

const variableAt = (path: DocumentPath): string | null =>
  SECRET_PLACES.find(
    ([place]) => place.length === path.length && place.every((part, index) => part === '*' || part === path[index]),
  )?.[1] ?? null;

const isSecretPlace = (path: DocumentPath): boolean => variableAt(path) !== null;

function remedyOfSecret(path: DocumentPath, before = ''): string {
  const variable = variableAt(path) ?? 'NAME';
  return `Write \`${before}{ env: ${variable} }\` or \`${before}{ file: /run/secrets/name }\`, and put the secret there`;
}

export const CONFIG_WORDS: RoomWords = {
  remedyOf(path, found) {
    if (isSecretPlace(path)) return found === undefined ? remedyOfSecret(path, `${String(path.at(-1))}: `) : '';
    if (path.length === 1 && path[0] === 'version') return 'Write `version: 1`: this is the only version of the file';
    if (path.length === 2 && path[0] === 'run_tasks') return 'Write {} where there is nothing to say';
    if (path.length === 2 && path[0] === 'repositories') return remedyFor('repository');
    if ((path.at(-2) === 'variables' && path.length === 4) || path.at(-2) === 'inputs') return 'Write the text in quotes';
    if (path.at(-2) === 'secrets' && path.length === 4) return 'Write { value: { env: NAME }, version: 1 }';
    if (path.at(-1) === 'version' && path.length > 1) return 'Write `version: 1`, and one more whenever the value changes';
    // What stands there and is of the right kind has a rule of its own to tell.
    const isMissing = found === undefined || typeof found === 'object';
    return isMissing || ['workspaces', 'hmac_key_version'].includes(String(path.at(-1))) ? remedyFor(String(path.at(-1))) : '';
  },
  ownWords: (issue, path) =>
    isSecretPlace(path) && ['invalid_union', 'invalid_type', 'unrecognized_keys'].includes(issue.code)
      ? { summary: `"${nameOf(path)}" does not name a secret`, detail: `A secret is never written into this file. ${remedyOfSecret(path)}` }
      : null,
};

/** Places of names, where showing what was found explains more than any rule. */
const NAMES = [
  'organization',
  'hostname',
  'run_task',
  'names',
  'exclude',
  'tags',
  'project',
  'workspaces',
  'stages',
  'enforcement_level',
  'path',
  'action',
  'via',
];

/** A pasted secret is the likeliest mistake of all: repeated is what stands in the place of a name and looks like one. */
export const QUOTE_RULES: QuoteRules = {
  key: (text) => !looksLikeSecret(text) && !isKnownCredential(text),
  value: (found, path) =>
    (typeof found === 'boolean' || (typeof found === 'string' && !looksLikeSecret(found) && !isKnownCredential(found))) &&
    NAMES.includes(String(path.findLast((part) => typeof part === 'string'))),
};
