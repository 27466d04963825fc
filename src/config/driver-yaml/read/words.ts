// What only the config tool knows about a mistake in its file: what to write at each key, and what of the file may be repeated. Pure.
import { isKnownCredential, looksLikeSecret } from '../../../documents/looks-like-secret.ts';
import { nameOf, type DocumentPath } from '../../../documents/path.ts';
import type { QuoteRules } from '../../../documents/read-yaml.ts';
import type { RoomWords } from '../../../documents/shape.ts';

const REMEDIES: Readonly<Record<string, string>> = {
  version: 'Write `version: 1`',
  hcp: 'Add: hcp: { organization: NAME, token: { env: TFE_TOKEN } }',
  organization: 'Write the name of the organization on HCP Terraform',
  url: 'Write the URL that HCP Terraform posts to: https://relay.example.com/hooks/gate',
  api_url: 'Write the URL of GitHub’s API: https://HOST/api/v3',
  hmac_key_version: 'Write `hmac_key_version: 1`, and one more whenever the key changes',
  run_task: 'Write the name of one of `run_tasks`',
  workspaces: 'Write names or patterns, [net-prod, "net-*"], or a selection: { names: ["net-*"], exclude: [net-sandbox] }',
  enforcement_level: 'Write `advisory` or `mandatory`',
  stages: 'Write the stages of the run: [post_plan]',
  path: 'Write where the workflow is written: .github/workflows/run-task.yml',
  action: 'Write the action with its version: org/runtask-action@v1',
  workflow: 'Write { path: .github/workflows/run-task.yml, action: org/runtask-action@v1 }',
};

/** Where a secret is named by its place. */
const isSecretPlace = (path: DocumentPath): boolean =>
  ['token', 'hmac_key'].includes(String(path.at(-1))) || (path.at(-1) === 'value' && path.at(-3) === 'secrets');

const REMEDY_OF_SECRETS: Readonly<Record<string, string>> = {
  'hcp.token': 'TFE_TOKEN',
  'github.token': 'GITHUB_TOKEN',
};

function remedyOfSecret(path: DocumentPath): string {
  const variable = REMEDY_OF_SECRETS[path.join('.')] ?? (path.at(-1) === 'hmac_key' ? 'RUNTASK_HMAC_KEY' : 'NAME');
  return `Write { env: ${variable} } or { file: /run/secrets/name }, and put the secret there`;
}

export const CONFIG_WORDS: RoomWords = {
  remedyOf(path, found) {
    if (isSecretPlace(path)) return found === undefined ? `Add \`${String(path.at(-1))}\`. ${remedyOfSecret(path)}` : '';
    if (path.at(-2) === 'variables' && path.length === 4) return 'Write the text in quotes';
    if (path.at(-2) === 'secrets' && path.length === 4) return 'Write { value: { env: NAME }, version: 1 }';
    if (path.at(-1) === 'version' && path.length > 1) return 'Write `version: 1`, and one more whenever the value changes';
    return found === undefined || typeof found === 'object' ? (REMEDIES[String(path.at(-1))] ?? '') : '';
  },
  ownWords: (issue, path) =>
    isSecretPlace(path) && (issue.code === 'invalid_union' || issue.code === 'invalid_type')
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
