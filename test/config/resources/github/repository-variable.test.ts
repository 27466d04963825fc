import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { checkDefinition } from '../../../../src/config/engine/definition.ts';
import { repositoryVariable } from '../../../../src/config/resources/repository-variable.ts';
import { REPOSITORY, startSettings, type SettingsStage } from '../../../support/github-settings.ts';
import { createHands, type Hands } from './hands.ts';

const KEY = { repository: REPOSITORY, name: 'RUNTASK_RELAY_URL' };
const GIVEN = { ...KEY, value: 'https://relay.example.com' };
let stage: SettingsStage;
let hands: Hands;
beforeEach(async () => {
  stage = await startSettings({ variables: { OTHER: 'stays' } });
  hands = createHands(repositoryVariable, KEY, () => stage.settings());
});
afterEach(() => stage.close());
const values = () => Object.fromEntries([...stage.github.getRepository(REPOSITORY).variables].map(([name, { value }]) => [name, value]));

describe('repository_variable', () => {
  it('is a definition that can work', () => {
    expect(checkDefinition(repositoryVariable)).toEqual([]);
  });

  it('is made, changed, found as it is, and deleted', async () => {
    expect(await hands.apply(GIVEN)).toMatchObject({ action: 'create', problems: [], state: GIVEN, pending: null });
    expect(stage.calls()).toEqual(['GET 200', 'GET /actions/variables 200', 'POST /actions/variables 201']);
    expect(await hands.plan(GIVEN)).toMatchObject({ action: 'no-op', changes: {}, problems: [], managed: null });
    stage.calls();
    expect(await hands.apply({ ...GIVEN, value: 'https://b' })).toMatchObject({
      action: 'update',
      changes: { value: ['https://relay.example.com', 'https://b'] },
      problems: [],
    });
    expect(stage.calls()).toEqual(['GET 200', 'GET /actions/variables 200', 'PATCH /actions/variables/RUNTASK_RELAY_URL 204']);
    expect(values()).toEqual({ OTHER: 'stays', RUNTASK_RELAY_URL: 'https://b' });
    expect(await hands.apply(null)).toMatchObject({ action: 'delete', problems: [], state: null });
    expect(values()).toEqual({ OTHER: 'stays' });
    expect(await hands.plan(null)).toMatchObject({ action: 'no-op', problems: [] });
  });

  it('shows what was changed by other hands, and what was deleted', async () => {
    await hands.apply(GIVEN);
    stage.github.getRepository(REPOSITORY).variables.set(KEY.name, { name: KEY.name, value: 'https://evil', createdAt: 0, updatedAt: 0 });
    expect(await hands.plan(GIVEN)).toMatchObject({ action: 'update', changes: { value: ['https://evil', GIVEN.value] } });
    stage.github.getRepository(REPOSITORY).variables.delete(KEY.name);
    expect(await hands.plan(GIVEN)).toMatchObject({ action: 'create' });
  });

  it('is found among more than one page', async () => {
    for (let i = 0; i < 65; i++) {
      // Before ours by name.
      const name = `A${i}`;
      stage.github.getRepository(REPOSITORY).variables.set(name, { name, value: 'x', createdAt: 0, updatedAt: 0 });
    }
    await hands.apply(GIVEN);
    expect(await hands.plan(GIVEN)).toMatchObject({ action: 'no-op' });
  });

  it('is set when somebody made, changed or deleted it in between', async () => {
    const settings = stage.settings().repository(REPOSITORY, stage.caller);
    expect(await settings.variable(KEY.name)).toBeNull();
    stage.github.getRepository(REPOSITORY).variables.set(KEY.name, { name: KEY.name, value: 'theirs', createdAt: 0, updatedAt: 0 });
    stage.calls();
    await settings.writeVariable(KEY.name, 'ours');
    expect(stage.calls()).toEqual(['POST /actions/variables 409', `PATCH /actions/variables/${KEY.name} 204`]);
    stage.github.getRepository(REPOSITORY).variables.delete(KEY.name);
    await settings.writeVariable(KEY.name, 'again');
    expect(values()).toMatchObject({ RUNTASK_RELAY_URL: 'again' });
    stage.github.getRepository(REPOSITORY).variables.delete(KEY.name);
    await settings.deleteVariable(KEY.name);
    expect(await settings.variable(KEY.name)).toBeNull();
  });

  it.each([
    ['POST', 'create' as const],
    ['PATCH', 'update' as const],
    ['DELETE', 'delete' as const],
  ])('a lost answer to %s is looked after, and nothing is done twice', async (method, action) => {
    if (action !== 'create') await hands.apply({ ...GIVEN, value: 'before' });
    stage.calls();
    stage.github.failNext({ method, after: true, reset: true });
    expect(await hands.apply(action === 'delete' ? null : GIVEN)).toMatchObject({ action, problems: [] });
    expect(stage.calls().filter((call) => call.startsWith(method))).toHaveLength(1);
    expect(values()).toEqual(action === 'delete' ? { OTHER: 'stays' } : { OTHER: 'stays', [KEY.name]: GIVEN.value });
  });

  it.each(['POST', 'PATCH', 'DELETE'])('a %s that GitHub stumbled over is done again', async (method) => {
    if (method !== 'POST') await hands.apply({ ...GIVEN, value: 'before' });
    stage.github.failNext({ method, status: 502, times: 2 });
    expect((await hands.apply(method === 'DELETE' ? null : GIVEN)).problems).toEqual([]);
    expect(values()[KEY.name]).toBe(method === 'DELETE' ? undefined : GIVEN.value);
  });

  it('names the permission that is missing, and for what', async () => {
    const readOnly = stage.token({ metadata: 'read', actions_variables: 'read' });
    const weak = createHands(repositoryVariable, KEY, () => stage.settings(readOnly));
    const detail =
      'It needs "Variables: read and write", for the variables. GitHub answered HTTP 403: Resource not accessible by personal access token';
    expect((await weak.apply(GIVEN)).problems).toEqual([
      {
        severity: 'error',
        path: ['repository'],
        summary: 'The GitHub token may not make the variable RUNTASK_RELAY_URL in acme/gate',
        detail,
      },
    ]);
    stage.github.getRepository(REPOSITORY).variables.set(KEY.name, { name: KEY.name, value: 'x', createdAt: 0, updatedAt: 0 });
    expect((await weak.apply(GIVEN)).problems).toEqual([
      {
        severity: 'error',
        path: ['repository'],
        summary: 'The GitHub token may not change the variable RUNTASK_RELAY_URL in acme/gate',
        detail,
      },
    ]);
    expect((await weak.apply(null)).problems).toEqual([
      {
        severity: 'error',
        path: ['repository'],
        summary: 'The GitHub token may not delete the variable RUNTASK_RELAY_URL in acme/gate',
        detail,
      },
    ]);
  });

  it.each<[string, object, string, string]>([
    [
      'small letters',
      { name: 'relay_url' },
      'GitHub does not take this name',
      'GitHub writes it in capitals: "RELAY_URL". Found: "relay_url"',
    ],
    [
      'a reserved name',
      { name: 'GITHUB_X' },
      'GitHub does not take this name',
      'Names that begin with GITHUB_ are its own. Found: "GITHUB_X"',
    ],
    ['a digit first', { name: '1X' }, 'GitHub does not take this name', 'Capital letters, digits and _, no digit first. Found: "1X"'],
    ['no value', { value: '' }, 'The value is empty', 'GitHub keeps no empty ones: give it a value, or take it out'],
    ['a novel', { value: 'é'.repeat(25_000) }, 'The value is too long', 'GitHub takes 48 KB, this is 49 KB'],
    ['no owner', { repository: 'gate' }, 'This is no name of a repository', 'Write owner and name: "acme/terraform-gate". Found: "gate"'],
    [
      'a path',
      { repository: 'acme/..' },
      'This is no name of a repository',
      'Write owner and name: "acme/terraform-gate". Found: "acme/.."',
    ],
  ])('refuses %s', async (_, wrong, summary, detail) => {
    expect((await hands.plan({ ...GIVEN, ...wrong })).problems).toMatchObject([{ severity: 'error', summary, detail }]);
  });

  it.each([
    ['acme/gate/RUNTASK_RELAY_URL', KEY],
    ['acme/gate', null],
    ['acme/gate/lower', null],
    ['/gate/X', null],
    ['a/b/c/X', null],
  ])('imports by %s', (id, key) => {
    expect(repositoryVariable.import.toKey(id)).toEqual(key);
    if (key !== null) expect(repositoryVariable.import.toId(key)).toBe(id);
  });
});

describe('a repository', () => {
  it('that is not there, or hidden from the token', async () => {
    const lost = createHands(repositoryVariable, { ...KEY, repository: 'acme/gone' }, () => stage.settings());
    expect((await lost.plan({ ...GIVEN, repository: 'acme/gone' })).problems).toEqual([
      {
        severity: 'error',
        path: ['repository'],
        summary: 'There is no repository acme/gone for this GitHub token',
        detail: 'Look at the name, and whether the token has access to the repository: GitHub hides from a token what it may not see',
      },
    ]);
  });

  it('that has another name now', async () => {
    stage.github.failNext({
      method: 'GET',
      path: /\/repos\/acme\/gate$/,
      status: 200,
      body: { full_name: 'mallory/gate', default_branch: 'main', archived: false },
    });
    expect((await hands.plan(GIVEN)).problems).toMatchObject([{ summary: 'acme/gate is now mallory/gate', detail: 'Write the new name' }]);
    expect(stage.calls()).toEqual(['GET 200']);
  });

  it('that is archived is told when it is planned', async () => {
    stage.github.getRepository(REPOSITORY).archived = true;
    expect((await hands.plan(GIVEN)).problems).toEqual([
      {
        severity: 'error',
        change: 0,
        path: ['repository'],
        summary: 'acme/gate is archived, so it cannot be changed',
        detail: 'Unarchive it, or take it out of the configuration',
      },
    ]);
  });

  it('and a token that GitHub does not know', async () => {
    const lost = createHands(repositoryVariable, KEY, () => stage.settings('ghp_notatoken0123456789'));
    const planned = await lost.plan(GIVEN);
    expect(planned.problems).toMatchObject([{ summary: 'GitHub does not accept the token' }]);
    expect(JSON.stringify(planned)).not.toContain('notatoken');
  });
});
