import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { checkDefinition } from '../../../../src/config/engine/definition.ts';
import { repositorySecret } from '../../../../src/config/resources/repository-secret.ts';
import { REPOSITORY, startSettings, type SettingsStage } from '../../../support/github-settings.ts';
import { encodings } from '../../../../src/base/redact.ts';
import { createHands, textOf, type Hands } from './hands.ts';

const KEY = { repository: REPOSITORY, name: 'HCP_READ_TOKEN' };
const VALUE = 'sésame-open-0123456789';
const GIVEN = { ...KEY, value: VALUE, value_version: 1 };
const START = '2026-11-22T10:00:00Z';
let stage: SettingsStage;
let hands: Hands;
beforeEach(async () => {
  stage = await startSettings();
  hands = createHands(repositorySecret, KEY, () => stage.settings());
});
afterEach(() => stage.close());
const opened = () => stage.github.getRepository(REPOSITORY).secrets.get(KEY.name)?.value;
/** By other hands, in GitHub's settings. */
const setElsewhere = (time: string): void => {
  const at = Date.parse(time);
  stage.github
    .getRepository(REPOSITORY)
    .secrets.set(KEY.name, { name: KEY.name, value: 'theirs', encrypted: null, createdAt: at, updatedAt: at });
};

describe('repository_secret', () => {
  it('is a definition that can work', () => {
    expect(checkDefinition(repositorySecret)).toEqual([]);
  });

  it('is sealed so that GitHub can open it, set anew with another version, and deleted', async () => {
    expect(await hands.apply(GIVEN)).toMatchObject({
      action: 'create',
      problems: [],
      state: { ...KEY, value: null, value_version: 1, updated_at: START },
    });
    expect(opened()).toBe(VALUE);
    expect(stage.calls()).toEqual([
      'GET 200',
      'GET /actions/secrets 200',
      'GET /actions/secrets/public-key 200',
      'PUT /actions/secrets/HCP_READ_TOKEN 201',
      'GET /actions/secrets/HCP_READ_TOKEN 200',
    ]);
    expect(await hands.plan(GIVEN)).toEqual({ action: 'no-op', changes: {}, problems: [], managed: null });
    expect(await hands.plan({ ...GIVEN, value: 'another-value' })).toMatchObject({ action: 'no-op' });
    expect(await hands.apply({ ...GIVEN, value: 'another-value', value_version: 2 })).toMatchObject({
      action: 'update',
      changes: { value_version: [1, 2], updated_at: [START, '(known after apply)'] },
      problems: [],
    });
    expect(opened()).toBe('another-value');
    expect(await hands.apply(null)).toMatchObject({ action: 'delete', problems: [], state: null });
    expect(opened()).toBeUndefined();
  });

  it('that was set by other hands is set again, and the plan says why', async () => {
    await hands.apply(GIVEN);
    setElsewhere('2026-11-22T11:00:00Z');
    const expected = {
      action: 'update',
      changes: { value_version: [null, 1] },
      problems: [
        {
          severity: 'warning',
          summary: 'The secret HCP_READ_TOKEN of acme/gate was set by other hands',
          detail: `We set it at ${START}, GitHub says 2026-11-22T11:00:00Z. Its value cannot be read, so it is set again`,
        },
      ],
    };
    expect(await hands.plan(GIVEN)).toMatchObject(expected);
    expect(await hands.apply(GIVEN)).toMatchObject(expected);
    expect(opened()).toBe(VALUE);
    expect(await hands.plan(GIVEN)).toMatchObject({ action: 'no-op', problems: [] });
  });

  it('that nobody remembers is taken over by setting it', async () => {
    setElsewhere(START);
    expect(await hands.apply(GIVEN)).toMatchObject({ action: 'update', changes: { value_version: [null, 1] }, problems: [] });
    expect(opened()).toBe(VALUE);
    expect(await hands.import('acme/gate/HCP_READ_TOKEN')).toMatchObject({
      state: { ...KEY, value: null, value_version: null },
      problems: [],
    });
  });

  it('is sealed again when GitHub has another key by now', async () => {
    const settings = stage.settings().repository(REPOSITORY, stage.caller);
    await settings.writeSecret('FIRST', 'a-first-value');
    const repository = stage.github.getRepository(REPOSITORY);
    stage.github.createRepository({ owner: 'acme', name: 'other' });
    Object.assign(repository, { sealingKey: stage.github.getRepository('acme/other').sealingKey });
    await settings.writeSecret(KEY.name, VALUE);
    expect(opened()).toBe(VALUE);
  });

  it.each([
    ['PUT', { after: true as const, reset: true as const, times: 2 }],
    ['PUT', { status: 502, times: 2 }],
    ['DELETE', { after: true as const, reset: true as const }],
    ['DELETE', { status: 502, times: 2 }],
  ])('an answer to %s that is lost, or a stumble: %j', async (method, weather) => {
    if (method === 'DELETE') await hands.apply(GIVEN);
    stage.github.failNext({ method, ...weather });
    expect((await hands.apply(method === 'DELETE' ? null : GIVEN)).problems).toEqual([]);
    expect(opened()).toBe(method === 'DELETE' ? undefined : VALUE);
    expect(await hands.plan(method === 'DELETE' ? null : GIVEN)).toMatchObject({ action: 'no-op' });
  });

  it('that was deleted by other hands is deleted', async () => {
    const settings = stage.settings().repository(REPOSITORY, stage.caller);
    await settings.writeSecret(KEY.name, VALUE);
    stage.github.getRepository(REPOSITORY).secrets.delete(KEY.name);
    await settings.deleteSecret(KEY.name);
    expect(await settings.secretTime(KEY.name)).toBeNull();
  });

  it('never shows its value: not in plans, states, errors, nor what is sent', async () => {
    const texts: string[] = [];
    const weak = stage.token({ metadata: 'read', secrets: 'read' });
    const weakHands = createHands(repositorySecret, KEY, () => stage.settings(weak));
    texts.push(textOf(await hands.plan(GIVEN)), textOf(await weakHands.apply(GIVEN)));
    for (const status of [400, 422, 500]) {
      stage.github.failNext({ method: 'PUT', status, times: 9, body: { message: 'no' } });
      texts.push(textOf(await hands.apply(GIVEN)));
    }
    for (const { body, path } of stage.github.seen) texts.push(body, path);
    for (const form of encodings(VALUE)) expect(texts.filter((text) => text.includes(form))).toEqual([]);
    expect(texts[1]).toContain('It needs \\"Secrets: read and write\\", for the secrets');
  });

  it.each<[string, object, string]>([
    ['no value', { value: '' }, 'The value is empty'],
    ['more than 48 KB', { value: 'x'.repeat(49_153) }, 'The value is too long'],
    ['version 0', { value_version: 0 }, 'A version is a whole number from 1'],
    ['half a version', { value_version: 1.5 }, 'A version is a whole number from 1'],
    ['a name with a dash', { name: 'A-B' }, 'GitHub does not take this name'],
  ])('refuses %s', async (_, wrong, summary) => {
    expect((await hands.plan({ ...GIVEN, ...wrong })).problems).toMatchObject([{ severity: 'error', summary }]);
  });
});
