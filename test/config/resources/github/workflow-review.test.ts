// What is wrong with a workflow's configuration, and what of its repository is in its way, told before anything is done.
import { afterEach, describe, expect, it } from '@jest/globals';
import { repositoryWorkflow } from '../../../../src/config/resources/repository-workflow.ts';
import type { NewRepository } from '../../../../src/emulators/github/index.ts';
import { REPOSITORY, startSettings, type SettingsStage } from '../../../support/github-settings.ts';
import { createHands, type Given } from './hands.ts';

const KEY = { repository: REPOSITORY, path: '.github/workflows/run-task.yml' };
const GIVEN: Given = { ...KEY, action: 'org/runtask-action@v1' };
const HASH = 'a'.repeat(40);
let stage: SettingsStage;
afterEach(() => stage.close());

async function told(repository: Partial<NewRepository>, given: Given = GIVEN, token?: string): Promise<unknown[]> {
  stage = await startSettings(repository);
  const hands = createHands(repositoryWorkflow, KEY, () => stage.settings(token));
  return (await hands.plan(given)).problems.map(({ severity, path, summary, detail }) => [severity, path.join('.'), summary, detail]);
}

const off = [
  'warning',
  'repository',
  'GitHub Actions is off in acme/gate',
  'The workflow will be there and never start. Turn it on: Settings → Actions → General',
];
const pin = (attribute: string, action: string): string[] => [
  'warning',
  attribute,
  `acme/gate runs actions only by commit, and ${action} is a version`,
  `GitHub would refuse to start the workflow. Write ${action.split('@')[0] ?? ''}@ and the 40 hexadecimal digits of that version's commit`,
];
const chosen = (attribute: string, action: string): string[] => [
  'warning',
  attribute,
  `acme/gate runs chosen actions only, and ${action} is not one of them`,
  'GitHub would refuse to start the workflow. Allow it: Settings → Actions → General → Actions permissions',
];
const CHECKOUT = 'actions/checkout@v6';
const ACTION = 'org/runtask-action@v1';
const NONE = { allowed: 'selected', githubOwned: false, verified: false, patterns: [], shaPinningRequired: false } as const;

describe('the repository', () => {
  it.each<[string, Partial<NewRepository>, Given, unknown[]]>([
    ['says nothing when nothing is in the way', {}, GIVEN, []],
    ['has Actions off', { actionsEnabled: false }, GIVEN, [off]],
    [
      'runs actions by commit only',
      { actionsPolicy: { shaPinningRequired: true } },
      GIVEN,
      [pin('action', ACTION), pin('checkout', CHECKOUT)],
    ],
    [
      'runs actions by commit only, and that is what they are',
      { actionsPolicy: { shaPinningRequired: true } },
      { ...GIVEN, action: `org/runtask-action@${HASH}`, checkout: `actions/checkout@${HASH}` },
      [],
    ],
    ['runs chosen actions only', { actionsPolicy: NONE }, GIVEN, [chosen('action', ACTION), chosen('checkout', CHECKOUT)]],
    ["runs GitHub's own too", { actionsPolicy: { ...NONE, githubOwned: true } }, GIVEN, [chosen('action', ACTION)]],
    ['allows ours by a pattern', { actionsPolicy: { ...NONE, githubOwned: true, patterns: ['ORG/*'] } }, GIVEN, []],
    ['allows ours by its version', { actionsPolicy: { ...NONE, githubOwned: true, patterns: ['org/runtask-action@v1'] } }, GIVEN, []],
    [
      'allows another version',
      { actionsPolicy: { ...NONE, githubOwned: true, patterns: ['org/runtask-action@v2'] } },
      GIVEN,
      [chosen('action', ACTION)],
    ],
    [
      'allows verified creators, and who that is nobody tells',
      { actionsPolicy: { ...NONE, githubOwned: true, verified: true } },
      GIVEN,
      [],
    ],
    ['allows actions of its owner', { actionsPolicy: { ...NONE, githubOwned: true } }, { ...GIVEN, action: 'Acme/gate-action@v1' }, []],
    [
      'allows local actions only',
      { actionsPolicy: { allowed: 'local_only' } },
      GIVEN,
      [chosen('action', ACTION), chosen('checkout', CHECKOUT)],
    ],
    ['has rules for other branches', { rules: [{ type: 'pull_request', branches: ['release'] }] }, GIVEN, []],
    ['asks for a pull request, and that is how it comes', { rules: [{ type: 'pull_request' }] }, { ...GIVEN, via: 'pull_request' }, []],
    ['forbids what nobody does', { rules: [{ type: 'non_fast_forward' }, { type: 'deletion' }] }, GIVEN, []],
    [
      'asks for checks and a pull request',
      { rules: [{ type: 'required_status_checks' }, { type: 'pull_request' }] },
      GIVEN,
      [
        [
          'warning',
          'via',
          'Rules of acme/gate ask for more than a push to main',
          "The branch takes changes through pull requests only, and takes commits whose checks have passed only. Unless the token's owner may bypass that, apply will be refused. Set `via: pull_request`",
        ],
      ],
    ],
  ])('%s', async (_, repository, given, expected) => {
    expect(await told(repository, given)).toEqual(expected);
  });

  it('is archived', async () => {
    stage = await startSettings();
    stage.github.getRepository(REPOSITORY).archived = true;
    const hands = createHands(repositoryWorkflow, KEY, () => stage.settings());
    expect((await hands.apply(GIVEN)).problems).toEqual([
      {
        severity: 'error',
        change: 0,
        path: ['repository'],
        summary: 'acme/gate is archived, so it cannot be changed',
        detail: 'Unarchive it, or take it out of the configuration',
      },
    ]);
  });

  it('does not show its settings to a token without the right, and that is no trouble', async () => {
    stage = await startSettings({ actionsEnabled: false });
    const token = stage.token({ metadata: 'read', contents: 'write', workflows: 'write' });
    const hands = createHands(repositoryWorkflow, KEY, () => stage.settings(token));
    expect((await hands.plan(GIVEN)).problems).toEqual([]);
  });

  it('is not asked about its settings when nothing is to be done', async () => {
    stage = await startSettings();
    const hands = createHands(repositoryWorkflow, KEY, () => stage.settings());
    await hands.apply(GIVEN);
    stage.calls();
    await hands.plan(GIVEN);
    expect(stage.calls()).toEqual(['GET 200', `GET /contents/${KEY.path} 200`, 'GET /pulls 200']);
  });
});

describe('the configuration', () => {
  const WHERE = 'Write ".github/workflows/NAME.yml". Found: ';
  const WHICH = 'Write "OWNER/NAME@v1", or a commit: "OWNER/NAME@" and 40 hexadecimal digits. Found: ';
  const RELAY = 'Such as "https://relay.example.com"; leave it out to use the repository variable RUNTASK_RELAY_URL';
  it.each<[string, Given, string, string, string]>([
    ['a path outside', { path: 'run-task.yml' }, 'path', 'GitHub reads no workflow there', `${WHERE}"run-task.yml"`],
    [
      'a folder below',
      { path: '.github/workflows/a/b.yml' },
      'path',
      'GitHub reads no workflow there',
      `${WHERE}".github/workflows/a/b.yml"`,
    ],
    [
      'a way up',
      { path: '.github/workflows/../../x.yml' },
      'path',
      'GitHub reads no workflow there',
      `${WHERE}".github/workflows/../../x.yml"`,
    ],
    ['no YAML', { path: '.github/workflows/a.json' }, 'path', 'GitHub reads no workflow there', `${WHERE}".github/workflows/a.json"`],
    [
      'a name with a space',
      { path: '.github/workflows/a b.yml' },
      'path',
      'The name of the file is unusual',
      'Letters, digits, ".", "-" and "_", 100 at most. Found: ".github/workflows/a b.yml"',
    ],
    ['no version', { action: 'org/runtask-action' }, 'action', 'The action has no version', `${WHICH}"org/runtask-action"`],
    ['a line break', { action: 'org/a@v1\n- run: evil' }, 'action', 'This names no action', `${WHICH}"org/a@v1\\n- run: evil"`],
    ['a local action', { action: './action@v1' }, 'action', 'This names no action', `${WHICH}"./action@v1"`],
    ['a comment in it', { checkout: 'actions/checkout@v6 # x' }, 'checkout', 'This names no action', `${WHICH}"actions/checkout@v6 # x"`],
    [
      'a comment of two lines',
      { version_comment: 'v1\nrun: x' },
      'version_comment',
      'This is no version',
      'Such as "v1.2.3". Found: "v1\\nrun: x"',
    ],
    ['another way', { via: 'push' }, 'via', 'Unknown way to bring the workflow', 'Use "commit" or "pull_request". Found: "push"'],
    ['no URL', { relay_url: 'relay' }, 'relay_url', 'This is no URL', RELAY],
    ['plain http', { relay_url: 'http://relay.example.com' }, 'relay_url', 'The relay is not reached over https', RELAY],
    [
      'a password',
      { relay_url: 'https://me:pass-word@relay.example.com' },
      'relay_url',
      'The URL holds credentials',
      'Everybody who may read the repository can read the workflow: leave them out',
    ],
    ['the relay as an input', { inputs: { 'relay-url': 'x' } }, 'inputs.relay-url', 'The relay is set by `relay_url`', 'Write it there'],
    [
      'an input with a colon',
      { inputs: { 'a: b': 'x' } },
      'inputs.a: b',
      'No input is called so',
      'Small letters, digits and "-". Found: "a: b"',
    ],
    ['a runner of two lines', { runs_on: 'a\nb' }, 'runs_on', 'This is no label of a runner', 'Such as "ubuntu-latest". Found: "a\\nb"'],
    [
      'an event with a bracket',
      { event_type: 'a]' },
      'event_type',
      'This is no event type',
      'Letters, digits, ".", "-" and "_", as in relay.yml. Found: "a]"',
    ],
  ])('refuses %s', async (_, wrong, path, summary, detail) => {
    expect(await told({}, { ...GIVEN, ...wrong })).toEqual([['error', path, summary, detail]]);
  });

  it.each(['v1', 'v1.2.3', '1.2', 'v2.0.0-rc.1', HASH])('takes %s for a version', async (ref) => {
    expect(await told({}, { ...GIVEN, action: `org/runtask-action@${ref}` })).toEqual([]);
  });

  it.each(['main', 'release/v1', HASH.slice(1)])('warns of %s, which may be a branch', async (ref) => {
    expect(await told({}, { ...GIVEN, action: `org/runtask-action@${ref}` })).toEqual([
      [
        'warning',
        'action',
        `${JSON.stringify(ref)} looks like a branch`,
        'What a branch holds changes with every push to it. Use a version (v1) or, so that nobody can change it, a commit (40 hexadecimal digits)',
      ],
    ]);
  });

  it('takes a relay on the same machine by http', async () => {
    expect(await told({}, { ...GIVEN, relay_url: 'http://127.0.0.1:8080' })).toEqual([]);
  });
});
