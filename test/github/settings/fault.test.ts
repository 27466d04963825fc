// What people are told when GitHub says no.
import { describe, expect, it } from '@jest/globals';
import { permissionsInWords, toSettingsFault, type Need } from '../../../src/github/settings/fault.ts';
import { toRefusal } from '../../../src/github/refusal.ts';

const NEED: Need = { permission: 'contents', level: 'write', feature: 'the workflow file' };

function told(status: number, message: string, headers: Record<string, string> = {}): readonly [string, string] {
  const thrown = Object.assign(new Error(message), { status, response: { headers } });
  const refused = { need: NEED, doing: 'write x.yml', repository: 'acme/gate', status, message, thrown };
  const [accepted = null, scopes = null] = [headers['x-accepted-github-permissions'], headers['x-oauth-scopes']];
  const fault = toSettingsFault(toRefusal(thrown, 0), { ...refused, accepted, scopes });
  return [fault.reason, fault.message];
}

describe('toSettingsFault', () => {
  it.each<[string, Parameters<typeof told>, ReturnType<typeof told>]>([
    [
      'a permission that is missing, in the words of the token page',
      [403, 'Resource not accessible by personal access token'],
      [
        'permission',
        'The GitHub token may not write x.yml in acme/gate. It needs "Contents: read and write", for the workflow file. GitHub answered HTTP 403: Resource not accessible by personal access token',
      ],
    ],
    [
      'the permissions that GitHub itself names',
      [403, 'no', { 'x-accepted-github-permissions': 'contents=write,workflows=write' }],
      [
        'permission',
        'The GitHub token may not write x.yml in acme/gate. It needs "Contents: read and write" and "Workflows: read and write", for the workflow file. GitHub answered HTTP 403: no',
      ],
    ],
    [
      'the right to change workflows',
      [404, 'refusing to allow a GitHub App to create or update workflow `x.yml` without `workflows` permission'],
      [
        'permission',
        'The GitHub token may not write x.yml in acme/gate. It needs "Workflows: read and write", for the workflow file. GitHub answered HTTP 404: refusing to allow a GitHub App to create or update workflow `x.yml` without `workflows` permission',
      ],
    ],
    [
      'the scope of a classic token',
      [403, 'refusing to allow an OAuth App to create or update workflow `x.yml` without `workflow` scope'],
      [
        'permission',
        'The GitHub token may not write x.yml in acme/gate. It needs "Workflows: read and write", for the workflow file. GitHub answered HTTP 403: refusing to allow an OAuth App to create or update workflow `x.yml` without `workflow` scope',
      ],
    ],
    [
      'the scope of a classic token, of which GitHub says nothing',
      [404, 'Not Found', { 'x-oauth-scopes': 'gist, repo' }],
      [
        'permission',
        'The GitHub token may not write x.yml in acme/gate. A classic token needs the scopes "repo" and "workflow", and an owner who may do it, for the workflow file; its scopes: "gist, repo". GitHub answered HTTP 404: Not Found',
      ],
    ],
    [
      'a token that is none',
      [401, 'Bad credentials'],
      ['token', 'GitHub does not accept the token. GitHub answered HTTP 401: Bad credentials. It may have expired, or be cut off'],
    ],
    [
      'an archive',
      [403, 'Repository was archived so is read-only.'],
      ['archived', 'acme/gate is archived, so it cannot be changed. Unarchive it, or take it out of the configuration'],
    ],
    ...[403, 409, 422].map((status): [string, Parameters<typeof told>, ReturnType<typeof told>] => [
      `rules, as ${status}`,
      [status, 'Repository rule violations found\n\nChanges must be made through a pull request.\n\n'],
      [
        'rules',
        `Rules of acme/gate refuse to write x.yml directly. GitHub answered HTTP ${status}: Repository rule violations found Changes must be made through a pull request. Set \`via: pull_request\`, or let the token's owner bypass the rule`,
      ],
    ]),
    [
      'a conflict',
      [409, 'x.yml does not match abc'],
      ['conflict', 'GitHub would not write x.yml in acme/gate. GitHub answered HTTP 409: x.yml does not match abc'],
    ],
    ['anything else', [422, 'no'], ['refused', 'GitHub would not write x.yml in acme/gate. GitHub answered HTTP 422: no']],
  ])('tells of %s', (_, answer, expected) => {
    expect(told(...answer)).toEqual(expected);
  });

  it('lets nothing through that acts on a terminal, and no novel', () => {
    const [, message] = told(422, `\u001b[2J\u202egone\n::error::${'x'.repeat(1000)}`);
    expect(message).not.toMatch(/\p{C}/u);
    expect(message.length).toBeLessThan(300);
  });
});

describe('permissionsInWords', () => {
  it.each([
    ['secrets=write', '"Secrets: read and write"'],
    ['actions_variables=read', '"Variables: read"'],
    ['pull_requests=write; issues=write', '"Pull requests: read and write" or "issues: read and write"'],
    ['__proto__=write', '"__proto__: read and write"'],
  ])('%s', (header, words) => {
    expect(permissionsInWords(header)).toBe(words);
  });
});
