// The jobs' identity: tokens that verify by discovery, and forged ones that must not.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createRemoteJWKSet, decodeJwt, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import type { WorkflowRun } from '../../../src/emulators/github/index.ts';
import { action, createStage, type Stage } from './stage.ts';

let stage: Stage;
let keys: JWTVerifyGetKey;

const main = `
  const url = process.env.ACTIONS_ID_TOKEN_REQUEST_URL + '&audience=' + encodeURIComponent('https://relay.example.com');
  const answer = await fetch(url, { headers: { authorization: 'Bearer ' + process.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN } });
  console.log('TOKEN ' + (await answer.json()).value);
  console.log('REQUEST ' + url + ' ' + process.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN);
`;
const workflow = (more = ''): string => `
name: Gate
on: repository_dispatch
permissions: { id-token: write }
jobs: { check: { runs-on: x, ${more} steps: [{ uses: org/a@v1 }] } }
`;

beforeEach(async () => {
  stage = await createStage({ 'org/a@v1': action({ main }) });
  const discovery = (await (await fetch(`${stage.github.issuer}/.well-known/openid-configuration`)).json()) as {
    issuer: string;
    jwks_uri: string;
  };
  expect(discovery.issuer).toBe(stage.github.issuer);
  keys = createRemoteJWKSet(new URL(discovery.jwks_uri));
});
afterEach(() => stage.close());

const printed = (run: WorkflowRun): string => /TOKEN (\S+)/.exec(run.jobs[0]?.rawLog ?? '')?.[1] ?? '';
const verify = async (token: string): Promise<JWTPayload> =>
  (
    await jwtVerify(token, keys, {
      issuer: stage.github.issuer,
      audience: 'https://relay.example.com',
      algorithms: ['RS256'],
      currentDate: new Date(stage.clock.now()),
    })
  ).payload;

describe('a job with id-token: write', () => {
  it('gets a token with the claims of a repository_dispatch, for five minutes', async () => {
    const run = await stage.play(workflow());
    const { repository } = run;
    const claims = await verify(printed(run));
    const now = stage.clock.now() / 1000;
    expect(claims).toEqual({
      aud: 'https://relay.example.com',
      iss: `${stage.github.url}/_services/token`,
      sub: 'repo:acme/net:ref:refs/heads/main',
      iat: now,
      exp: now + 300,
      nbf: now - 600,
      jti: expect.any(String),
      actor: 'mona',
      actor_id: String(run.actor.id),
      base_ref: '',
      head_ref: '',
      check_run_id: String(run.jobs[0]?.checkRunId),
      event_name: 'repository_dispatch',
      job_workflow_ref: 'acme/net/.github/workflows/run.yml@refs/heads/main',
      job_workflow_sha: run.headSha,
      ref: 'refs/heads/main',
      ref_protected: 'false',
      ref_type: 'branch',
      repository: 'acme/net',
      repository_id: String(repository.id),
      repository_owner: 'acme',
      repository_owner_id: String(repository.ownerId),
      repository_visibility: 'private',
      run_id: String(run.id),
      run_number: '1',
      run_attempt: '1',
      runner_environment: 'github-hosted',
      sha: run.headSha,
      workflow: 'Gate',
      workflow_ref: 'acme/net/.github/workflows/run.yml@refs/heads/main',
      workflow_sha: run.headSha,
    });
    await stage.clock.advance(301_000);
    await expect(verify(printed(run))).rejects.toThrow('"exp" claim timestamp check failed');
  });

  it('names its environment in the subject', async () => {
    const run = await stage.play(workflow('environment: "a:b",'));
    expect(await verify(printed(run))).toMatchObject({ sub: 'repo:acme/net:environment:a%3Ab', environment: 'a:b' });
  });

  it('cannot ask any more when it has ended, and nobody can with another request token', async () => {
    const run = await stage.play(workflow());
    const [, url = '', token = ''] = /REQUEST (\S+) (\S+)/.exec(run.jobs[0]?.rawLog ?? '') ?? [];
    for (const bearer of [token, 'wrong']) expect((await fetch(url, { headers: { authorization: `Bearer ${bearer}` } })).status).toBe(401);
    expect(run.jobs[0]?.log).not.toContain(token);
  });
});

describe('mintOidcToken', () => {
  it('makes tokens that a careful service accepts or refuses, as asked', async () => {
    const run = await stage.play(workflow());
    const audience = 'https://relay.example.com';
    const mint = stage.github.mintOidcToken;
    expect(await verify(await mint({ run, audience }))).toMatchObject({
      run_id: String(run.id),
      check_run_id: String(run.jobs[0]?.checkRunId),
    });
    expect(await verify(await mint({ run, audience, claims: { repository_id: '1', jti: undefined } }))).toMatchObject({
      repository_id: '1',
    });
    expect(decodeJwt(await mint({ run, audience, claims: { jti: undefined } }))).not.toHaveProperty('jti');
    const refused = [
      await mint({ run }),
      await mint({ run, audience, claims: { iss: 'https://token.actions.githubusercontent.com' } }),
      await mint({ run, audience, claims: { exp: stage.clock.now() / 1000 - 1 } }),
      await mint({ run, audience, signature: { algorithm: 'none' } }),
      await mint({ run, audience, signature: { algorithm: 'HS256' } }),
      await mint({ run, audience, signature: { foreignKey: true } }),
      await mint({ run, audience, signature: { kid: 'unknown' } }),
    ];
    for (const token of refused) await expect(verify(token)).rejects.toThrow();
  });
});
