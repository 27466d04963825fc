// Plays the test that HCP posts to a run task's URL before it takes the task: so that a wrong URL or key is told in our words, and before
// anything is made. What HCP says of it is "invalid attribute" at best.
//
// Source: HashiCorp, "Run tasks integration" (2025-11-19): signed as any request, and only 200 will do; the body as it was captured in
// 2024-03. Own words of the emulator's, which is a witness and shares no code.
import { createHmac } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import { describeFetchFailure } from '../base/fault.ts';
import { checkTransport } from './hosts.ts';

export type RelayAnswer =
  | { readonly kind: 'accepted' }
  | {
      readonly kind: 'refused';
      /** What to look at: the URL, the key, or the relay. */
      readonly about: 'url' | 'hmac_key' | 'relay';
      /** `relay.example.com/hooks/gate answered 404`: host and path only, one line, no full stop. */
      readonly summary: string;
      /** What to do. */
      readonly remedy: string;
    };

export interface RelayDeps {
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** HCP's own limit is not published; whoever takes longer to say "200" to a test is likely to lose real requests. */
const TIMEOUT_MS = 10_000;

/** One POST. @throws the abort reason, nothing else */
export async function askRelay(
  { url, hmacKey }: { readonly url: string; readonly hmacKey: string },
  deps: RelayDeps,
): Promise<RelayAnswer> {
  if (!URL.canParse(url))
    return refused('url', 'The URL of the run task is not a URL', 'Write it in full: https://relay.example.com/hooks/gate');
  const target = new URL(url);
  const transport = checkTransport(target);
  const place = `${target.host}${target.pathname}`;
  if (transport !== null)
    return refused('url', `The URL of the run task ${transport}: ${place}`, 'Write an https URL without credentials in it');
  const body = JSON.stringify(REGISTRATION_TEST);
  const limit = new AbortController();
  const cancel = deps.clock.after(TIMEOUT_MS, () => limit.abort());
  try {
    const response = await deps.fetch(target.href, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'User-Agent': 'TFC/1.0 (+https://app.terraform.io; TFC)',
        'X-TFC-Task-Signature': createHmac('sha512', hmacKey).update(body).digest('hex'),
      },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([limit.signal, deps.signal]),
    });
    await response.body?.cancel().catch(() => undefined);
    return judge(response, target, place);
  } catch (thrown) {
    deps.signal.throwIfAborted();
    if (limit.signal.aborted)
      return refused(
        'relay',
        `${place} did not answer within ${TIMEOUT_MS / 1000} s`,
        'HCP Terraform will not wait either: look at the log of the relay, and at what stands in front of it',
      );
    return refuseConnection(place, target, thrown);
  } finally {
    cancel();
  }
}

interface Verdict {
  readonly about: 'url' | 'hmac_key' | 'relay';
  readonly remedy: string;
}

const BY_STATUS: Readonly<Record<number, Verdict>> = {
  202: { about: 'relay', remedy: 'HCP Terraform takes exactly 200 for a yes: is this a relay, and not a queue in front of one?' },
  204: { about: 'relay', remedy: 'HCP Terraform takes exactly 200 for a yes: is this a relay?' },
  401: {
    about: 'hmac_key',
    remedy:
      'The HMAC key here is not among the hmac_keys of the task in relay.yml, or something on the way changes the body. Set the same key on both sides',
  },
  403: {
    about: 'relay',
    remedy: 'Something in front of the relay refuses: a firewall, a login page. HCP Terraform must come through without one',
  },
  404: { about: 'url', remedy: 'The relay has no such task: the last part of /hooks/… is the name under `tasks` in relay.yml' },
  405: { about: 'url', remedy: 'The relay takes posts at /hooks/…: is the path complete?' },
  429: { about: 'relay', remedy: 'The relay is asked too often: try again in a minute' },
};

function judge(response: Response, target: URL, place: string): RelayAnswer {
  const { status } = response;
  if (status === 200) return { kind: 'accepted' };
  if (status >= 300 && status < 400) {
    const location = response.headers.get('location') ?? '';
    const to = URL.canParse(location, target.href) ? new URL(location, target) : null;
    const where = to === null ? '' : ` to ${to.host}${to.pathname}`;
    return refused(
      'url',
      `${place} redirects (${status})${where}`,
      'HCP Terraform is not known to follow: write the URL that answers by itself',
    );
  }
  const known = Object.hasOwn(BY_STATUS, status) ? BY_STATUS[status] : undefined;
  if (known !== undefined) return refused(known.about, `${place} answered ${status}`, known.remedy);
  if (status >= 500)
    return refused(
      'relay',
      `${place} answered ${status}`,
      'The relay, or what stands in front of it, is in trouble: look at its log and at /healthz',
    );
  return refused('url', `${place} answered ${status}`, 'HCP Terraform takes exactly 200 for a yes. Does the URL lead to a relay?');
}

function refuseConnection(place: string, target: URL, thrown: unknown): RelayAnswer {
  const why = describeFetchFailure(thrown);
  if (/ENOTFOUND|EAI_AGAIN/.test(why))
    return refused(
      'url',
      `${place}: the host name ${target.hostname} is not known`,
      'Correct the name, or wait until its DNS entry is there',
    );
  if (/ECONNREFUSED/.test(why))
    return refused('relay', `${place} refused the connection`, 'Start the relay first: HCP Terraform asks it before it takes a run task');
  if (/certificate|self.signed|altname|CERT|SSL|TLS/i.test(why))
    return refused(
      'relay',
      `${place}: its certificate is not trusted here`,
      `HCP Terraform must trust it, too. The reason: ${why.slice(0, 200)}. For a private authority set NODE_EXTRA_CA_CERTS`,
    );
  return refused('relay', `${place} could not be reached`, `The reason: ${why.slice(0, 200)}. HCP Terraform must reach it as well`);
}

const refused = (about: Verdict['about'], summary: string, remedy: string): RelayAnswer => ({ kind: 'refused', about, summary, remedy });

const APP = 'https://app.terraform.io';
/** Nothing in it is real; a relay knows the test by its token. */
const REGISTRATION_TEST = {
  payload_version: 1,
  access_token: 'test-token',
  stage: 'test',
  is_speculative: false,
  task_result_id: 'taskrs-xxxxxxxxxxxxxxxx',
  task_result_enforcement_level: 'test',
  task_result_callback_url: `${APP}/api/v2/task-results/xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx/callback`,
  run_app_url: `${APP}/app/test-org/test-workspace/runs/run-xxxxxxxxxxxxxxxx`,
  run_id: 'run-xxxxxxxxxxxxxxxx',
  run_message: 'Test run message',
  run_created_at: '2021-01-01T00:00:00.000Z',
  run_created_by: 'test-user',
  workspace_id: 'ws-xxxxxxxxxxxxxxxx',
  workspace_name: 'test-workspace',
  workspace_app_url: `${APP}/app/test-org/test-workspace`,
  organization_name: 'test-org',
  vcs_repo_url: null,
  vcs_branch: null,
  vcs_pull_request_url: null,
  vcs_commit_url: null,
  configuration_version_id: 'cv-xxxxxxxxxxxxxxxx',
  configuration_version_download_url: `${APP}/api/v2/configuration-versions/cv-xxxxxxxxxxxxxxxx/download`,
  workspace_working_directory: '',
  plan_json_api_url: `${APP}/api/v2/runs/plan-xxxxxxxxxxxxxxxx/plan/json-output`,
  capabilities: { outcomes: true },
};
