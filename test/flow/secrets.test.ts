// No secret leaves where it belongs: everything that GitHub, the log, the store, the runner's disk and the people see is collected
// and searched. A new output of the product belongs into `collect`.
import { afterEach, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { change, planOf, startFlow, workflow, type Flow, type Ran } from '../support/flow.ts';
import { startRelayFront, type RelayFront } from '../support/relay-front.ts';
import { SEALED_INPUTS, setSecret, startSealedFlow, type SealedFlow } from '../support/sealed-flow.ts';
import { findSecrets, readFiles, type Places } from '../support/secret-search.ts';

let flow: Flow;
let front: RelayFront | null = null;
afterEach(async () => {
  await flow.close();
  await front?.close();
  front = null;
});

const PASSWORD = 'hunter2-S3NTINEL-correct-horse';
const HCP_TOKEN = 'aaaaaaaaaaaaaa.atlasv1.S3NTINEL-users-own-token';
const TOKEN_IN_MAP = 'tok-S3NTINEL-9f8e7d6c5b4a';

/** Marked values, their copies at unmarked places, inside a longer text, as base64, and in what a check says of them. */
const secretPlan = (): object =>
  planOf([
    change(
      'terraform_data.database',
      ['update'],
      { password: 'old-S3NTINEL-password-1', settings: { token: TOKEN_IN_MAP } },
      {
        password: PASSWORD,
        settings: { token: TOKEN_IN_MAP },
        copy: PASSWORD,
        url: `postgres://u:${PASSWORD}@h/db`,
        user_data: Buffer.from(`export P=${PASSWORD}`).toString('base64'),
      },
      { before_sensitive: { password: true, settings: true }, after_sensitive: { password: true, settings: true } },
    ),
  ]);

const CHATTY = `version: 1
checks:
  - name: says what it saw
    cel: { assert: "after.password == 'x'", message: "\${address} has \${after.password} and \${after.url}" }
  - name: prints the plan
    run: { command: [sh, -c, 'cat "$TF_PLAN_JSON"; exit 1'] }
  - name: prints its environment
    run: { command: [sh, -c, 'env; exit 1'] }
`;

function collect(flow: Flow, ran: Ran): Places {
  const places: Places = new Map();
  const jobs = ran.workflowRun?.jobs ?? [];
  // Headers of the calls to GitHub hold GitHub's own tokens, as they must; bodies and answers are what it keeps.
  flow.github.seen.forEach((one, index) => {
    const what = `GitHub ${index}: ${one.method} ${one.path}`;
    places.set(`${what}, path`, one.path);
    places.set(`${what}, body`, one.body);
    // Tokens that GitHub itself makes for the caller are its answer.
    if (!/access_tokens|idtoken/.test(one.path)) places.set(`${what}, answer`, one.responseBody);
  });
  jobs.forEach((job) => {
    places.set('job log', job.log);
    places.set('job summary', job.summary.join('\n'));
    places.set('annotations', JSON.stringify(job.annotations));
    for (const step of job.steps) places.set(`outputs of ${step.name} (${step.phase})`, JSON.stringify(step.outputs));
  });
  places.set('comment', ran.comment?.body ?? '');
  places.set('relay log', JSON.stringify(flow.log));
  places.set('HCP callbacks', JSON.stringify(ran.result.callbacks));
  for (const [place, text] of readFiles(flow.workRoot, 'disk')) places.set(place, text);
  // Claims and plans hold what they must; sections hold what anybody may read who sees the comment.
  front?.passed
    .filter(({ path }) => path.includes('/comment/'))
    .forEach(({ path, body, answer }, index) => {
      places.set(`wire ${index}: ${path}`, body);
      places.set(`wire ${index}: ${path}, answer`, answer);
    });
  return places;
}

/** What the action masked first thing: ticket, session token, presigned URL, OIDC token. The runner's own commands tell them. */
const masked = (ran: Ran): Map<string, string> =>
  new Map(
    (ran.workflowRun?.jobs ?? [])
      .flatMap((job) =>
        job.steps.flatMap((step) => step.commands.filter((command) => command.name === 'add-mask').map((command) => command.data)),
      )
      .map((value, index) => [`masked value ${index + 1}`, value]),
  );

function secretsOf(flow: Flow, ran: Ran): Map<string, string> {
  const all = new Map(flow.secrets.map((secret, index) => [`set-up secret ${index + 1}`, secret]));
  all.set('access token', ran.result.accessToken);
  all.set('callback URL', ran.result.callbackUrl);
  all.set('callback id', ran.result.callbackId);
  for (const one of flow.hcp.seen.filter((seen) => seen.server === 'store')) all.set(`presigned URL ${one.path.slice(0, 12)}`, one.path);
  all.set('password in the plan', PASSWORD);
  all.set('token in the plan', TOKEN_IN_MAP);
  return all;
}

function sealedSecretsOf({ flow, relay, seal }: SealedFlow, ran: Ran): Map<string, string> {
  const secrets = secretsOf(flow, ran);
  secrets.delete(`set-up secret ${flow.secrets.indexOf(JSON.stringify(seal.publicJwk)) + 1}`);
  secrets.set('seal key', String(seal.privateJwk.d));
  secrets.set('relay signing key', String(relay.privateJwk.d));
  return secrets;
}

const isDispatch = (place: string): boolean => /\/dispatches, body$/.test(place) || /event\.json$/.test(place);

describe('secrets', () => {
  it('are in nothing that a relay session leaves behind', async () => {
    front = await startRelayFront();
    flow = await startFlow({ ...front.options, checks: CHATTY });
    front.lead(flow);
    const run = await flow.begin({ plan: secretPlan() });
    await flow.logged('plan handed over');
    const underWay = readFiles(flow.storeFolder, 'store, under way');
    const result = await run.stage('post_plan');
    await flow.github.idle();
    const ran: Ran = { result, workflowRun: flow.github.runs[0], comment: flow.github.comments('acme/net', 7).at(-1) };
    const secrets = secretsOf(flow, ran);
    expect(masked(ran).size).toBeGreaterThanOrEqual(4);

    const places = collect(flow, ran);
    for (const [place, text] of underWay) places.set(place, text);
    expect(findSecrets(places, secrets)).toEqual([]);
    // The ticket is in the event by design, worth nothing without the job's OIDC token; and nowhere else.
    const outsideOfEvents = new Map([...places].filter(([place]) => !isDispatch(place)));
    expect(findSecrets(outsideOfEvents, masked(ran))).toEqual([]);
    const { ticket } = (
      JSON.parse(flow.github.seen.find((one) => one.path.endsWith('/dispatches'))!.body) as { client_payload: { ticket: string } }
    ).client_payload;
    expect(findSecrets(outsideOfEvents, new Map([['ticket', ticket]]))).toEqual([]);

    // The search can find: what must be somewhere is found there.
    expect(findSecrets(places, new Map([['the ticket where it belongs', ticket]]))).not.toEqual([]);
    expect(result.status).toBe('failed');
    expect(ran.comment?.body).toMatch(/^<!-- runtask combined v1 /);
    expect(ran.comment?.body).toContain('(sensitive value)');
    const wire = [...places]
      .filter(([place]) => place.startsWith('wire '))
      .map(([place, text]) => [place.replace(/^.*comment\//, ''), text]);
    expect(wire.map(([call]) => call)).toEqual(['section', 'section, answer', 'lock', 'lock, answer', 'release', 'release, answer']);
    for (const [call, text] of wire)
      expect([call, text?.includes('(sensitive value)')]).toEqual([call, call === 'section' || call === 'lock, answer']);
    // Kept, and not to be read without the relay's key.
    const store = [...readFiles(flow.storeFolder, 'store')].map(([, text]) => text).join();
    expect(store).toContain('comment');
    expect(store).not.toContain('terraform_data.database');
    expect(result.outcomes.map((outcome) => outcome.description).join()).toContain('(sensitive value)');
  });

  it('are in none of the files that later steps read, no annotation and no check run', async () => {
    const later = '      - name: later\n        run: "true"\n';
    const inputs = '          relay-url: ${{ vars.RUNTASK_RELAY_URL }}\n          annotations: check-run\n';
    flow = await startFlow({ checks: CHATTY, workflow: workflow({ inputs, after: later }) });
    const files: Places = new Map();
    flow.github.hooks.push({
      step: 'later',
      phase: 'main',
      before: () => {
        for (const [place, content] of readFiles(flow.workRoot, 'disk, later')) files.set(place, content);
        return Promise.resolve();
      },
    });
    const ran = await flow.run({ plan: secretPlan() });
    expect(findSecrets(new Map([...collect(flow, ran), ...files]), secretsOf(flow, ran))).toEqual([]);
    // They are there, and tell of the values that they hide.
    for (const name of ['results.sarif', 'findings.json', 'plan.masked.json', 'report.html'])
      expect([...files].filter(([place]) => place.endsWith(name)).map(([, text]) => text.includes('(sensitive value)'))).toEqual([true]);
    expect(flow.github.checkRuns('acme/net', flow.sha)).toHaveLength(1);
  });

  it('are in nothing that a sealed session leaves behind', async () => {
    const started = await startSealedFlow({ checks: CHATTY, workflow: workflow({ inputs: SEALED_INPUTS }) });
    flow = started.flow;
    const ran = await flow.run({ plan: secretPlan(), vcs: null });
    expect(ran.result).toMatchObject({ status: 'failed', terminalCount: 1 });
    expect(findSecrets(collect(flow, ran), sealedSecretsOf(started, ran))).toEqual([]);
    expect(findSecrets(collect(flow, ran), masked(ran))).toEqual([]);
  });

  it.each(['relay', 'sealed'])('are nowhere that a step between two phases could look, %s', async (transport) => {
    const inputs = transport === 'sealed' ? SEALED_INPUTS : '          relay-url: ${{ vars.RUNTASK_RELAY_URL }}\n';
    const hcp = '          hcp-token: ${{ secrets.HCP_TOKEN }}\n';
    const text = workflow({
      before: `      - name: begin\n        uses: org/runtask-action@v1\n        with:\n          phase: begin\n${inputs}      - name: scanner\n        run: env\n`,
      inputs: `${inputs}${hcp}          phase: finish\n`,
    });
    const sealed = transport === 'sealed' ? await startSealedFlow({ checks: CHATTY, workflow: text }) : null;
    flow = sealed?.flow ?? (await startFlow({ checks: CHATTY, workflow: text }));
    setSecret(flow, 'HCP_TOKEN', HCP_TOKEN);
    const between: Places = new Map();
    flow.github.hooks.push({
      step: 'scanner',
      phase: 'main',
      before: async () => {
        for (const [place, content] of readFiles(flow.workRoot, 'disk, between')) between.set(place, content);
        for (const [place, content] of ownProcesses(flow.workRoot)) between.set(place, content);
      },
    });
    const ran = await flow.run({ plan: secretPlan(), ...(sealed === null ? {} : { vcs: null }) });
    expect(ran.result).toMatchObject({ status: 'failed', terminalCount: 1 });
    // The process that keeps a sealed run task alive was seen, and nothing of the other transport lives there.
    expect([...between.keys()].some((place) => /^process \d+ arguments/.test(place))).toBe(sealed !== null && process.platform === 'linux');

    const secrets = sealed === null ? secretsOf(flow, ran) : sealedSecretsOf(sealed, ran);
    secrets.set('hcp-token', HCP_TOKEN);
    const places = new Map([...collect(flow, ran), ...between]);
    expect(findSecrets(places, secrets)).toEqual([]);
    const outsideOfEvents = new Map([...places].filter(([place]) => !isDispatch(place)));
    expect(findSecrets(outsideOfEvents, masked(ran))).toEqual([]);
  });
});

/** What anybody of the same machine sees of the processes that a job has left running: arguments and environment. */
function ownProcesses(workRoot: string): Places {
  const places: Places = new Map();
  if (process.platform !== 'linux') return places;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const seen = (what: string): string => readFileSync(`/proc/${pid}/${what}`, 'latin1');
      if (!seen('cmdline').includes(workRoot)) continue;
      places.set(`process ${pid} arguments`, seen('cmdline'));
      places.set(`process ${pid} environment`, seen('environ'));
    } catch {
      // It has ended meanwhile, or is another user's.
    }
  }
  return places;
}
