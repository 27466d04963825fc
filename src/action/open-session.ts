// Which session this job speaks in, decided by the inputs and never by the payload: a payload cannot name another relay.
import type { Clock } from '../base/clock.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { ClientPayload } from '../contracts/client-payload.ts';
import type { ClaimRequest, Phase, RecordedVerdict } from '../contracts/relay-api.ts';
import type { TransportInputs } from './inputs.ts';
import type { Job } from './job.ts';
import { jobFolder } from './job-folder.ts';
import { startKeepAlive } from './keep-alive.ts';
import type { Refusal } from './relay-client.ts';
import { openRelaySession, type RelaySessionDeps } from './relay-session.ts';
import { startRenewals } from './renewals.ts';
import type { Runner } from './runner.ts';
import { openSealedSession } from './sealed-session.ts';
import type { RunTaskSession } from './session.ts';

/** What every story of the action (pre, main, post) gets from outside. */
export interface World {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly runner: Runner;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  /** This bundle, to be started again as a worker thread. */
  readonly bundle: string;
}

export interface OpenRequest {
  readonly transport: TransportInputs;
  readonly payload: ClientPayload;
  readonly use: string;
  readonly phase: Phase;
  readonly process: ClaimRequest['process'];
  readonly job: Job;
  readonly patienceMs: number;
  readonly onVerdict: (verdict: RecordedVerdict) => void;
}

/** @throws Fault when the relay does not answer in `patienceMs` */
export async function openSession(request: OpenRequest, world: World): Promise<Result<RunTaskSession, string>> {
  const { transport, payload } = request;
  if (transport.kind === 'sealed') {
    if (!('sealed' in payload))
      return err(
        'the run task came through a relay session, and this workflow is set up for the sealed transport: set relay-url instead of seal-key',
      );
    const { runner, fetch, clock, bundle, env } = world;
    const { job } = request;
    const folder = jobFolder(job, payload.id);
    return openSealedSession({
      ...transport,
      payload,
      repositoryId: job.repositoryId,
      workflowUrl: job.url,
      fetch,
      clock,
      mask: runner.mask,
      folder,
      startKeepAlive: (orders) => startKeepAlive(bundle, orders, env),
    });
  }
  if (!('ticket' in payload))
    return err(
      'the run task came sealed, and this workflow is set up for a relay session: set seal-key and relay-key instead of relay-url',
    );
  const opened = await openRelaySession(relayDeps(request, transport.relayUrl, world));
  return opened.ok ? ok(opened.value) : err(explain(opened.error, transport.relayUrl));
}

export function relayDeps(request: OpenRequest, relayUrl: string, world: World): RelaySessionDeps {
  const { payload, use, phase, process, patienceMs, onVerdict } = request;
  const { runner, fetch, clock } = world;
  if ('ticket' in payload) runner.mask(payload.ticket);
  return {
    relayUrl,
    payload,
    use,
    phase,
    process,
    idToken: () => runner.idToken(relayUrl),
    fetch,
    clock,
    mask: runner.mask,
    patienceMs,
    startRenewals: (renewal, tell) => startRenewals(world.bundle, renewal, tell),
    onVerdict,
  };
}

/** A refused claim, with what to look at. The relay itself says little on purpose; its log says the rest. */
export function explain(refusal: Refusal, relayUrl: string): string {
  const host = new URL(relayUrl).host;
  switch (refusal.code) {
    case 'not-found':
      return (
        `the relay ${host} has no run task for this job. It was made for another repository, workflow file or branch, or somebody else sent this event; ` +
        "the relay's log names which"
      );
    case 'claimed-by-another':
      return `${refusal.message}. One run task belongs to one job`;
    case 'version-mismatch':
      return refusal.message;
    case 'unauthorized':
      return (
        `the relay ${host} did not accept this job's OIDC token. The input relay-url must be the public_url of relay.yml, letter for letter, ` +
        "and the relay must trust this GitHub's issuer; the relay's log says which part did not fit"
      );
    default:
      return `the relay ${host} refused this job (${refusal.code}): ${refusal.message}`;
  }
}
