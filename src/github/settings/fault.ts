// What comes of a request about a repository's settings when GitHub says no: a fault with a reason, what is wrong, and what to do.
import { Fault } from '../../base/fault.ts';
import { cut } from '../../base/cut.ts';
import type { GithubRefusal } from '../refusal.ts';

export type SettingsReason =
  | 'not-found'
  /** The repository has another name now. */
  | 'moved'
  | 'permission'
  /** The token itself is refused. */
  | 'token'
  | 'archived'
  /** Rules of the branch refuse a direct push. */
  | 'rules'
  /** It is not as it was when it was read. */
  | 'conflict'
  | 'refused'
  | 'rate-limit'
  /** No answer, or one that does not say what became of the request. */
  | 'unavailable';

export class SettingsFault extends Fault {
  readonly reason: SettingsReason;
  /** One line, no full stop. */
  readonly summary: string;
  readonly detail: string;

  constructor(reason: SettingsReason, summary: string, detail: string, options: { readonly cause?: unknown } = {}) {
    super(`E_GITHUB_SETTINGS_${reason.toUpperCase().replaceAll('-', '_')}`, detail === '' ? summary : `${summary}. ${detail}`, {
      retryable: reason === 'unavailable' || reason === 'rate-limit',
      ...options,
    });
    this.reason = reason;
    this.summary = summary;
    this.detail = detail;
  }
}

/** Something answered with success, and it was not GitHub's API. */
export class NotTheApi extends Error {
  static readonly remedy = 'What answers is no API (a login page?). Look at api_url, and at proxies in between';
}

/** A request that has the right to be made: what it is about and what a token needs for it. */
export interface Need {
  /** The API's name: `contents`, `actions_variables`. */
  readonly permission: keyof typeof WORDS;
  readonly level: 'read' | 'write';
  /** What it is for: `the workflow file`. */
  readonly feature: string;
}

// As GitHub's page for fine-grained tokens calls them (docs.github.com, "Permissions required for fine-grained personal access tokens",
// read 2026-11-22), by the names of the API and of the header x-accepted-github-permissions.
const WORDS = {
  metadata: 'Metadata',
  contents: 'Contents',
  workflows: 'Workflows',
  pull_requests: 'Pull requests',
  secrets: 'Secrets',
  actions_variables: 'Variables',
  variables: 'Variables',
  administration: 'Administration',
} as const;

export interface Refused {
  readonly need: Need;
  /** `write .github/workflows/run-task.yml` */
  readonly doing: string;
  readonly repository: string;
  /** 0: there was no answer. */
  readonly status: number;
  /** GitHub's own words; hostile for a terminal. */
  readonly message: string;
  /** Of the header x-accepted-github-permissions. */
  readonly accepted: string | null;
  /** Of the header x-oauth-scopes, which only classic tokens get; empty: it has none. */
  readonly scopes: string | null;
  readonly thrown: unknown;
}

/** @param refusal  as refusal.ts reads what Octokit threw */
export function toSettingsFault(refusal: GithubRefusal, refused: Refused): SettingsFault {
  const { doing, repository, status, thrown } = refused;
  const said = `GitHub answered HTTP ${status}: ${plain(refused.message)}`;
  const fault = (reason: SettingsReason, summary: string, detail: string): SettingsFault =>
    new SettingsFault(reason, summary, detail, { cause: thrown });

  if (refusal.reason === 'unavailable')
    return fault(
      'unavailable',
      `GitHub could not be asked to ${doing} in ${repository}`,
      status === 0 ? whyNone(thrown) : `${said}. Try again`,
    );
  if (refusal.reason === 'rate-limited')
    return fault(
      'rate-limit',
      `GitHub's rate limit: it asks to wait ${Math.ceil(refusal.retryAfterMs / 1000)} s before we ${doing} in ${repository}`,
      'What is done stays done: run it again after that time',
    );
  if (refusal.reason === 'unauthorized')
    return fault('token', 'GitHub does not accept the token', `${said}. It may have expired, or be cut off`);
  if (/archived/i.test(refused.message) && status === 403)
    return fault('archived', `${repository} is archived, so it cannot be changed`, 'Unarchive it, or take it out of the configuration');
  // The status of a push that rules refuse is not documented; 409 and 422 have been seen (2026-11-22).
  if (/rule violation|protected branch|through a pull request/i.test(refused.message))
    return fault(
      'rules',
      `Rules of ${repository} refuse to ${doing} directly`,
      `${said}. Set \`via: pull_request\`, or let the token's owner bypass the rule`,
    );
  if (status === 404 && /^branch .* not found/i.test(refused.message))
    return fault('conflict', `GitHub would not ${doing} in ${repository}`, said);
  if (refusal.reason === 'forbidden' || refusal.reason === 'not-found')
    return fault('permission', `The GitHub token may not ${doing} in ${repository}`, `${needs(refused)}. ${said}`);
  if (status === 409) return fault('conflict', `GitHub would not ${doing} in ${repository}`, said);
  return fault('refused', `GitHub would not ${doing} in ${repository}`, said);
}

/** Octokit keeps what `fetch` threw as the cause. */
const whyNone = (thrown: unknown): string =>
  thrown instanceof Error && thrown.cause instanceof NotTheApi ? NotTheApi.remedy : 'There was no answer. Try again';

function needs({ need, message, accepted, scopes }: Refused): string {
  // A classic token that may not is told "Not Found" and nothing else: workflow files have a scope of their own
  // (octokit/octokit.rb#1184), and with both scopes it is its owner who may not.
  if (scopes !== null) {
    const wanted = need.permission === 'contents' && need.level === 'write' ? 'the scopes "repo" and "workflow"' : 'the scope "repo"';
    const has = scopes === '' ? 'none' : `"${plain(scopes)}"`;
    return `A classic token needs ${wanted}, and an owner who may do it, for ${need.feature}; its scopes: ${has}`;
  }
  // "refusing to allow a GitHub App to create or update workflow … without `workflows` permission"
  const workflows = /without `?workflows?`? (permission|scope)/i.test(message);
  const asked = workflows ? 'workflows=write' : accepted === null || accepted === '' ? `${need.permission}=${need.level}` : accepted;
  return `It needs ${permissionsInWords(asked)}, for ${need.feature}`;
}

/** @param header  `contents=write,workflows=write; …`: a comma is "and", a semicolon "or" */
export function permissionsInWords(header: string): string {
  const one = (text: string): string => {
    const [name = '', level = ''] = text.trim().split('=');
    const word = Object.hasOwn(WORDS, name) ? WORDS[name as keyof typeof WORDS] : plain(name);
    return `"${word}: ${level === 'write' ? 'read and write' : plain(level)}"`;
  };
  return header
    .split(';')
    .map((all) => all.split(',').map(one).join(' and '))
    .join(' or ');
}

/** One line without characters that act on a terminal. */
const plain = (text: string): string =>
  cut(
    text
      .replace(/[\p{C}\p{Z}\s]+/gu, ' ')
      .trim()
      .replace(/\.$/, ''),
    200,
  );
