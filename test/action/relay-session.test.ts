import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimQuietly, openRelaySession, type RelaySessionDeps } from '../../src/action/relay-session.ts';
import type { RunTaskSession } from '../../src/action/session.ts';
import type { ClaimResponse } from '../../src/contracts/relay-api.ts';
import { toRunFacts } from '../../src/contracts/run-task-request.ts';
import { createEagerClock } from '../support/eager-clock.ts';
import { startServer, type Seen, type TestServer } from '../support/http-server.ts';
import { aRequest, aTaskLabel } from '../support/requests.ts';

const ID = 'rt_AAAAAAAAAAAAAAAAAAAAAA';
const TOKEN = 'session-token-session-token-session-token';
const json = (response: ServerResponse, status: number, body: unknown): void =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

let folder: string;
let server: TestServer | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runtask-session-'));
});
afterEach(async () => {
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

type Answers = Partial<
  Record<'claim' | 'plan' | 'configuration' | 'renew' | 'progress' | 'result' | 'object', (request: Seen, response: ServerResponse) => void>
>;

async function startRelay(
  answers: Answers,
  claim: Partial<ClaimResponse> = {},
): Promise<{ deps: RelaySessionDeps; masked: string[]; clock: ReturnType<typeof createEagerClock> }> {
  const clock = createEagerClock();
  server = await startServer((request, response) => {
    const what = request.url.split('/').at(-1) as keyof Answers;
    const answer = answers[what];
    if (answer !== undefined) return answer(request, response);
    if (what !== 'claim') return json(response, 500, {});
    json(response, 200, {
      version: 1,
      session_token: TOKEN,
      run: toRunFacts(aRequest()),
      // The relay's clock is an hour ahead of ours; what counts is the difference.
      now: clock.now() + 3_600_000,
      deadline_at: clock.now() + 3_600_000 + 300_000,
      renew_every_ms: 30_000,
      observe: false,
      feedback_token: null,
      verdict: null,
      delivery: null,
      ...claim,
    });
  });
  const masked: string[] = [];
  const payload = { version: 1 as const, id: ID, ticket: 'a'.repeat(43), task: aTaskLabel() };
  const deps: RelaySessionDeps = {
    relayUrl: server.url,
    payload,
    use: 'u'.repeat(22),
    phase: 'all',
    process: 'main',
    idToken: async () => 'oidc-token',
    fetch,
    clock,
    mask: (secret) => void masked.push(secret),
    patienceMs: 60_000,
    startRenewals: () => async () => {},
    onVerdict: () => {},
  };
  return { deps, masked, clock };
}

async function open(deps: RelaySessionDeps): Promise<RunTaskSession> {
  const session = await openRelaySession(deps);
  if (!session.ok) throw new Error(session.error.message);
  return session.value;
}

describe('a relay session', () => {
  it('masks the session token, and takes the deadline relative to the relay’s clock', async () => {
    const { deps, masked, clock } = await startRelay({});
    const session = await open(deps);
    expect(masked).toContain(TOKEN);
    expect(session.deadline - clock.now()).toBe(300_000);
    expect(JSON.parse(server!.seen[0]!.body)).toEqual({ version: 1, payload: deps.payload, use: deps.use, phase: 'all', process: 'main' });
  });

  it('in pre, asks for a quiet quarter of an hour', async () => {
    const { deps } = await startRelay({ renew: (_, response) => json(response, 200, { verdict: null }) });
    expect((await claimQuietly({ ...deps, process: 'pre' })).ok).toBe(true);
    expect(JSON.parse(server!.seen[1]!.body)).toEqual({ state: 'quiet', for_ms: 900_000 });
    expect(server!.seen[1]!.headers.authorization).toBe(`Bearer ${TOKEN}`);
  });

  it('fetches the plan from a presigned URL without a token, masked before it is used, readable by its owner alone', async () => {
    const { deps, masked } = await startRelay({
      plan: (_, response) => json(response, 200, { kind: 'presigned', url: `${server!.url}/object` }),
      object: (_, response) => void response.end('{"format_version":"1.2"}'),
    });
    const path = join(folder, 'plan.json');
    expect(await (await open(deps)).plan(path)).toEqual({ kind: 'file', path, bytes: 24 });
    expect(readFileSync(path, 'utf8')).toBe('{"format_version":"1.2"}');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(masked).toContain(`${server!.url}/object`);
    expect(server!.seen.find((one) => one.url === '/object')?.headers.authorization).toBeUndefined();
  });

  it('takes the plan from the relay itself when it streams', async () => {
    const { deps } = await startRelay({
      plan: (_, response) => void response.writeHead(200, { 'content-type': 'application/octet-stream' }).end('{}'),
    });
    expect(await (await open(deps)).plan(join(folder, 'plan.json'))).toMatchObject({ kind: 'file', bytes: 2 });
  });

  it('waits half a minute for a plan that is not ready, and then says so', async () => {
    const { deps, clock } = await startRelay({
      plan: (_, response) => json(response, 200, { kind: 'unavailable', reason: 'not-ready', detail: 'not completed' }),
    });
    expect(await (await open(deps)).plan(join(folder, 'plan.json'))).toEqual({
      kind: 'unavailable',
      reason: 'not-ready',
      detail: 'not completed',
    });
    expect(clock.slept).toEqual([1000, 2000, 4000, 8000, 15_000]);
  });

  it('does not ask again for a plan that is not there', async () => {
    const { deps } = await startRelay({
      plan: (_, response) => json(response, 200, { kind: 'unavailable', reason: 'not-found', detail: 'gone' }),
    });
    expect(await (await open(deps)).plan(join(folder, 'plan.json'))).toMatchObject({ kind: 'unavailable', reason: 'not-found' });
    expect(server!.seen.filter((one) => one.url.endsWith('/plan'))).toHaveLength(1);
  });

  it('asks for the plan again when it breaks off, three times', async () => {
    const { deps } = await startRelay({
      plan: (_, response) => json(response, 200, { kind: 'presigned', url: `${server!.url}/object` }),
      object: (_, response) => {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('{"half');
        setImmediate(() => response.destroy());
      },
    });
    expect(await (await open(deps)).plan(join(folder, 'plan.json'))).toMatchObject({
      kind: 'unavailable',
      detail: expect.stringContaining('broke off on its way 3 times'),
    });
    expect(server!.seen.filter((one) => one.url === '/object')).toHaveLength(3);
  });

  it('sends its result until the deadline when the relay is away', async () => {
    let tries = 0;
    const verdict = { status: 'passed', message: 'ok', decided_by: 'action' };
    const { deps } = await startRelay({
      result: (_, response) =>
        ++tries < 6 ? json(response, 503, {}) : json(response, 200, { verdict, accepted: true, delivery: { state: 'delivered' } }),
    });
    expect(await (await open(deps)).finish({ status: 'passed', message: 'ok', outcomes: [] })).toEqual({
      verdict,
      accepted: true,
      delivery: { state: 'delivered' },
    });
    expect(tries).toBe(6);
  });

  it('says that a later attempt has taken over when the relay refuses its result', async () => {
    const { deps } = await startRelay({
      result: (_, response) => json(response, 409, { error: { code: 'fenced', message: 'A later attempt has taken over' } }),
    });
    expect(await (await open(deps)).finish({ status: 'passed', message: 'ok', outcomes: [] })).toMatchObject({
      accepted: false,
      delivery: { state: 'undeliverable', reason: 'A later attempt has taken over' },
    });
  });

  it('loses a progress line rather than a verdict', async () => {
    const { deps } = await startRelay({ progress: (_, response) => json(response, 500, {}) });
    await expect((await open(deps)).progress('Check 1 of 3')).resolves.toBeUndefined();
  });

  it('comes too late: the verdict on record is there', async () => {
    const verdict = { status: 'failed' as const, message: 'No verdict within 9 minutes', decided_by: 'deadline' as const };
    const { deps } = await startRelay({}, { verdict, delivery: { state: 'delivered' } });
    expect((await open(deps)).finished).toEqual({ verdict, accepted: false, delivery: { state: 'delivered' } });
  });
});
