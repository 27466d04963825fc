// One run task, played from HCP Terraform's side: registers it, starts a run, tells each step as it happens, ends with a verdict.
import type { Clock } from '../../base/clock.ts';
import type { EnforcementLevel, Stage } from '../../contracts/run-facts.ts';
import type { Outcome } from '../../contracts/task-result.ts';
import {
  HcpApiError,
  startHcpTerraform,
  type HcpEvent,
  type HcpTerraform,
  type RunVcs,
  type SentRequest,
} from '../../emulators/hcp-terraform/index.ts';

export interface PlaySpec {
  readonly url: string;
  /** null: unsigned. */
  readonly hmacKey: string | null;
  readonly testOnly: boolean;
  readonly stage: Stage;
  readonly organization: string;
  readonly workspace: string;
  readonly enforcementLevel: EnforcementLevel;
  readonly speculative: boolean;
  readonly message: string;
  readonly vcs: RunVcs | null;
  /** null: an empty plan. */
  readonly plan: Uint8Array | null;
  readonly configuration: Uint8Array | null;
  readonly beta: boolean;
  readonly timeoutMs: number;
  readonly port: number;
  readonly storePort: number;
  readonly publicUrl: string | undefined;
  readonly publicStoreUrl: string | undefined;
}

export type StepKind =
  'listening' | 'registration' | 'post' | 'running' | 'plan' | 'configuration' | 'download' | 'refused' | 'passed' | 'failed' | 'errored';

/** One line of the timeline. Never a secret: no token, no callback URL, no presigned URL. */
export interface Step {
  /** Since the start. */
  readonly atMs: number;
  readonly kind: StepKind;
  readonly text: string;
  /** A link that the run task gave. */
  readonly url: string | null;
}

export interface PlayOutcome {
  readonly status: 'passed' | 'failed' | 'refused' | 'no-answer' | 'errored' | 'timeout';
  readonly exitCode: 0 | 1 | 3;
  readonly message: string;
  readonly url: string | null;
  readonly outcomes: readonly Outcome[];
  readonly steps: readonly Step[];
}

const EMPTY_PLAN = { format_version: '1.2', terraform_version: '1.11.4', resource_changes: [], output_changes: {} };

/** @throws EADDRINUSE when the port is taken */
export async function play(spec: PlaySpec, deps: { clock: Clock; onStep: (step: Step) => void }): Promise<PlayOutcome> {
  const startedAt = deps.clock.now();
  const steps: Step[] = [];
  const tell = (kind: StepKind, text: string, url: string | null = null): void => {
    const step = { atMs: deps.clock.now() - startedAt, kind, text, url };
    steps.push(step);
    deps.onStep(step);
  };
  const end = (outcome: Omit<PlayOutcome, 'steps' | 'outcomes' | 'url'> & Partial<PlayOutcome>): PlayOutcome => ({
    url: null,
    outcomes: [],
    ...outcome,
    steps,
  });

  const hcp = await startHcpTerraform({
    clock: deps.clock,
    port: spec.port,
    storePort: spec.storePort,
    publicUrl: spec.publicUrl,
    publicStoreUrl: spec.publicStoreUrl,
    // As long as any product could hope for: here the relay is looked at, not the life of tokens.
    tokenLife: 'fixed-60m',
  });
  const stop = hcp.watch((event) => describeEvent(event, tell));
  try {
    tell('listening', `HCP Terraform emulator on ${spec.publicUrl ?? hcp.url}`);
    const refused = await register(hcp, spec);
    if (refused !== null) {
      const silent = refused.status === null;
      return end({
        status: silent ? 'no-answer' : 'refused',
        exitCode: silent ? 3 : 1,
        message: explainRefusal(refused, spec.hmacKey !== null),
      });
    }
    if (spec.testOnly) return end({ status: 'passed', exitCode: 0, message: 'The registration test was answered with 200' });
    return end(await runOnce(hcp, spec, deps.clock));
  } finally {
    stop();
    await hcp.close();
  }
}

/** @returns the post that was not answered 200, or null when the task exists */
async function register(hcp: HcpTerraform, spec: PlaySpec): Promise<SentRequest | null> {
  hcp.createOrganization(spec.organization);
  hcp.createWorkspace({ organization: spec.organization, name: spec.workspace });
  try {
    const task = await hcp.createRunTask({ organization: spec.organization, name: 'task', url: spec.url, hmacKey: spec.hmacKey });
    hcp.attachRunTask({
      organization: spec.organization,
      workspace: spec.workspace,
      task,
      stages: [spec.stage],
      enforcementLevel: spec.enforcementLevel,
    });
    return null;
  } catch (thrown) {
    const sent = hcp.sent.at(-1);
    if (!(thrown instanceof HcpApiError) || sent === undefined) throw thrown;
    return sent;
  }
}

function explainRefusal(sent: SentRequest, signed: boolean): string {
  if (sent.status === null) return `No answer from ${new URL(sent.url).host}: ${sent.error ?? 'unknown reason'}`;
  const why =
    sent.status === 401
      ? signed
        ? '. The HMAC key is not the one that the relay has, or something on the way changes the body'
        : '. It takes signed posts only: send with its HMAC key instead of --unsigned'
      : sent.status === 404
        ? '. No such path: compare the URL with the tasks in relay.yml'
        : '. HCP Terraform accepts exactly 200';
  return `The registration test was answered with ${sent.status}${why}`;
}

async function runOnce(hcp: HcpTerraform, spec: PlaySpec, clock: Clock): Promise<Omit<PlayOutcome, 'steps'>> {
  const run = await hcp.startRun({
    organization: spec.organization,
    workspace: spec.workspace,
    plan: spec.plan ?? EMPTY_PLAN,
    configuration: spec.configuration,
    speculative: spec.speculative,
    message: spec.message,
    vcs: spec.vcs,
    stages: [spec.stage],
    ...(spec.beta ? { apiForm: '2021-beta' as const } : {}),
  });
  const late = Promise.withResolvers<null>();
  const cancelLate = clock.after(spec.timeoutMs, () => late.resolve(null));
  const result = await Promise.race([run.stage(spec.stage), late.promise]);
  cancelLate();
  if (result === null) {
    const last = run.taskResults[0]?.message;
    const message = `No verdict within ${spec.timeoutMs / 60_000} minutes${last ? `; last heard: ${last}` : ''}`;
    return { status: 'timeout', exitCode: 3, message, url: run.taskResults[0]?.url ?? null, outcomes: [] };
  }
  const { status, message, url, outcomes } = result;
  if (status === 'passed' || status === 'failed')
    return { status, exitCode: status === 'passed' ? 0 : 1, message: message ?? '', url, outcomes };
  const posts = hcp.sent.filter((sent) => sent.kind === 'run-task');
  if (posts.some((sent) => sent.status === 200)) return { status: 'errored', exitCode: 3, message: message ?? status, url, outcomes };
  const answered = posts.at(-1)?.status ?? null;
  if (answered === null) return { status: 'no-answer', exitCode: 3, message: message ?? status, url, outcomes };
  // The likeliest mistake of whoever tries a relay, and no relay tells a stranger which hosts it allows.
  const hint = answered === 422 ? `. Is ${new URL(spec.publicUrl ?? hcp.url).host} among the hcp_hosts of the task?` : '';
  return { status: 'refused', exitCode: 1, message: `${message ?? status}${hint}`, url, outcomes };
}

function describeEvent(event: HcpEvent, tell: (kind: StepKind, text: string, url?: string | null) => void): void {
  switch (event.type) {
    case 'sent': {
      const { kind, status, error, attempt, durationMs, responseBody } = event.request;
      const what = kind === 'registration' ? 'registration test' : `run task, try ${attempt}`;
      const said = status === 200 ? null : reasonGiven(responseBody);
      const answer = status === null ? `no answer (${error})` : `answered ${status} in ${durationMs} ms${said === null ? '' : `: ${said}`}`;
      return tell(kind === 'registration' ? 'registration' : 'post', `${what}: ${answer}`);
    }
    case 'answered':
      return describeRequest(event.request, tell);
    case 'result': {
      const { status, message, url, callbacks, outcomes } = event.result;
      // The first `running` is our own: the post was answered.
      if (status === 'running' && callbacks.length === 0 && message === null) return;
      if (status !== 'running' && status !== 'passed' && status !== 'failed' && status !== 'errored') return;
      const count = outcomes.length === 0 ? '' : ` (${outcomes.length} outcome${outcomes.length === 1 ? '' : 's'})`;
      return tell(status, `${message ?? ''}${count}`, url);
    }
    case 'arrived':
    case 'run':
      return;
  }
}

/** What a relay says of its refusal: ours in `error.message`, others where one would look. */
function reasonGiven(body: string): string | null {
  const said = /"(?:message|error|detail)"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(body)?.[1];
  return said === undefined ? null : unescapeJson(said);
}

function describeRequest(
  {
    method,
    path,
    status,
    server,
    responseBody,
  }: { method: string; path: string; status: number | null; server: string; responseBody: string },
  tell: (kind: StepKind, text: string) => void,
): void {
  if (server === 'store') {
    // The path is the key to the object: only what came of it is told.
    const size = /^<(\d+) bytes>$/.exec(responseBody)?.[1] ?? Buffer.byteLength(responseBody);
    return tell(
      status === 200 ? 'download' : 'refused',
      status === 200 ? `downloaded ${size} bytes` : `the object store answered ${status}`,
    );
  }
  if (path.includes('/json-output')) return tell('plan', `asked for the plan: ${status}`);
  if (path.includes('/configuration-versions/')) return tell('configuration', `asked for the configuration: ${status}`);
  // An accepted callback shows as a change of the result.
  if (path.endsWith('/callback') || path.includes('/callback?')) {
    if (status !== 200) tell('refused', `callback answered ${status}: ${firstError(responseBody)}`);
    return;
  }
  tell('refused', `${method} ${path.split('?')[0]}: ${status}`);
}

function firstError(body: string): string {
  const match = /"detail":"((?:[^"\\]|\\.)*)"/.exec(body) ?? /"title":"((?:[^"\\]|\\.)*)"/.exec(body);
  return match?.[1] === undefined ? 'no reason given' : unescapeJson(match[1]);
}

/** As it stands where it is no JSON after all: it comes from whoever answered. */
function unescapeJson(escaped: string): string {
  try {
    return JSON.parse(`"${escaped}"`) as string;
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    return escaped;
  }
}
