// What the schema of the config file cannot see: URLs, parts that do not fit together, credentials in the file. Looks at the raw value,
// because the shape may be wrong elsewhere, and everything is told at once. Pure.
import type { Diagnostic } from '../../../base/diagnostics.ts';
import { didYouMean } from '../../../base/did-you-mean.ts';
import { isKnownCredential } from '../../../documents/looks-like-secret.ts';
import { keysAt, valueAt, type DocumentPath } from '../../../documents/path.ts';
import type { At, Tell } from '../../../documents/read-yaml.ts';
import { QUOTE_RULES } from './words.ts';
import { checkPlainUrl, toHost } from './urls.ts';

interface Context {
  readonly value: unknown;
  say(path: DocumentPath, summary: string, detail: string, at?: At): void;
}

export function checkRules(value: unknown, tell: Tell): Diagnostic[] {
  const found: Diagnostic[] = [];
  const context: Context = { value, say: (...words) => void found.push(tell(...words)) };
  checkStrangers(context);
  checkUrls(context);
  checkKeys(context);
  checkAttachments(context);
  checkRepositories(context);
  return found;
}

/** What may stand nowhere in the file: a credential, and a key that the schema's reader would leave out without a word. */
function checkStrangers({ value, say }: Context): void {
  const remedy = 'Revoke it if others may have seen it. Write { env: NAME } or { file: … } where a secret is asked for, and put it there';
  const walk = (inner: unknown, path: DocumentPath): void => {
    if (typeof inner === 'string' && isKnownCredential(inner)) say(path, 'A token or key stands here', remedy);
    if (typeof inner !== 'object' || inner === null) return;
    for (const [name, next] of Object.entries(inner)) {
      const at = [...path, Array.isArray(inner) ? Number(name) : name];
      if (name === '__proto__') say(at, 'Unknown key "__proto__"', 'No name of anything', 'key');
      else if (isKnownCredential(name)) say(at, 'A token or key stands here', remedy, 'key');
      walk(next, at);
    }
  };
  walk(value, []);
}

function checkUrls({ value, say }: Context): void {
  const hostname = valueAt(value, ['hcp', 'hostname']);
  const host = typeof hostname === 'string' && hostname !== '' ? toHost(hostname) : null;
  if (host !== null && 'summary' in host) say(['hcp', 'hostname'], host.summary, host.detail);

  const check = (path: DocumentPath, why: string): void => {
    const words = checkPlainUrl(String(path.at(-1)), valueAt(value, path), why);
    if (words !== null) say(path, words.summary, words.detail);
  };
  check(['github', 'api_url'], 'The GitHub token travels to it');
  for (const at of urlPlaces(value)) check(at, 'Run tasks carry an access token to it');
}

const urlPlaces = (value: unknown): DocumentPath[] => [
  ['relay', 'url'],
  ...keysAt(value, ['run_tasks']).map((name) => ['run_tasks', name, 'url']),
];

/** Each run task needs a URL of its own and a key; a key and its version stand together. */
function checkKeys({ value, say }: Context): void {
  const has = (...path: DocumentPath): boolean => valueAt(value, path) !== undefined;
  const names = keysAt(value, ['run_tasks']);
  for (const at of [['relay'], ...names.map((name) => ['run_tasks', name])]) {
    const [hasKey, hasVersion] = [has(...at, 'hmac_key'), has(...at, 'hmac_key_version')];
    if (hasKey && !hasVersion)
      say(
        [...at, 'hmac_key_version'],
        '"hmac_key_version" is missing',
        'Write `hmac_key_version: 1`, and one more whenever the key changes',
      );
    if (hasVersion && !hasKey)
      say([...at, 'hmac_key_version'], '"hmac_key_version" stands without `hmac_key`', 'Write both in the same place', 'key');
  }
  const users = new Map<string, string>();
  for (const name of names) {
    const task = ['run_tasks', name];
    const called = QUOTE_RULES.key(name) ? `The run task "${name}"` : 'This run task';
    if (!has(...task, 'hmac_key') && !has('relay', 'hmac_key'))
      say(
        task,
        `${called} has no HMAC key`,
        'Without one anybody could post a run task. Add to the file: relay: { url: https://relay.example.com/hooks/NAME, hmac_key: { env: RUNTASK_HMAC_KEY }, hmac_key_version: 1 }',
        'key',
      );
    const place = has(...task, 'url') ? [...task, 'url'] : ['relay', 'url'];
    const url = valueAt(value, place);
    if (url === undefined) say(task, `${called} has no URL`, 'Add `url: https://relay.example.com/hooks/NAME` to it, or to `relay`', 'key');
    if (typeof url !== 'string' || !URL.canParse(url)) continue;
    const { href } = new URL(url);
    const first = users.get(href);
    if (first === undefined) users.set(href, name);
    else
      say(
        has(...task, 'url') ? place : task,
        `Two run tasks have the same URL: ${[first, name].map((one) => (QUOTE_RULES.key(one) ? one : '…')).join(' and ')}`,
        'A relay tells its tasks apart by the URL. Give this one a `url` of its own: https://relay.example.com/hooks/NAME',
        has(...task, 'url') ? 'value' : 'key',
      );
  }
}

function checkAttachments({ value, say }: Context): void {
  const tasks = keysAt(value, ['run_tasks']);
  for (const index of keysAt(value, ['attachments']).map(Number)) {
    const at: DocumentPath = ['attachments', index];
    const task = valueAt(value, [...at, 'run_task']);
    if (typeof task === 'string' && task !== '' && !tasks.includes(task)) {
      const near = didYouMean(task, tasks);
      const quoted = QUOTE_RULES.value(task, ['run_task']) ? ` named "${task}"` : ' of that name';
      say(
        [...at, 'run_task'],
        `No run task${quoted} is declared`,
        near === null ? `Declare it: run_tasks: { NAME: {} }${known(tasks)}` : `Did you mean "${near}"?`,
      );
    }
    const workspaces = valueAt(value, [...at, 'workspaces']);
    if (typeof workspaces !== 'object' || workspaces === null || Array.isArray(workspaces)) continue;
    if (!['names', 'tags', 'project'].some((part) => Object.hasOwn(workspaces, part)))
      say(
        [...at, 'workspaces'],
        'The selection says no workspaces',
        'Write `names`, `tags` or `project`; names: ["*"] takes every workspace',
      );
  }
}

const known = (tasks: readonly string[]): string => {
  const names = tasks.filter((name) => QUOTE_RULES.key(name));
  return names.length === 0 ? '' : `. Declared: ${names.slice(0, 10).join(', ')}${names.length > 10 ? ', …' : ''}`;
};

function checkRepositories({ value, say }: Context): void {
  const repositories = keysAt(value, ['repositories']);
  if (repositories.length > 0 && valueAt(value, ['github']) === undefined)
    say(['repositories'], '"github" is missing', 'Add: github: { token: { env: GITHUB_TOKEN } }', 'key');
  const seen = new Set<string>();
  for (const name of repositories) {
    // Two entries would fight over one object.
    if (seen.has(name.toLowerCase()))
      say(['repositories', name], 'This repository is written twice', 'GitHub does not tell capitals from small letters', 'key');
    seen.add(name.toLowerCase());
  }
}
