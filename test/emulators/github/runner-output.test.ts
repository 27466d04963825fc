// What a step gets from the runner, and what the runner takes from a step.
import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { action, createStage, type Stage, story } from './stage.ts';

let stage: Stage;
afterEach(() => stage.close());

const workflow = (steps: string, head = ''): string =>
  `name: Gate\non: repository_dispatch\n${head}\njobs:\n  check:\n    runs-on: x\n    steps:\n${steps.replace(/^/gm, '      ')}\n`;

const log = (): string => stage.github.runs[0]?.jobs[0]?.log ?? '';
const raw = (): string => stage.github.runs[0]?.jobs[0]?.rawLog ?? '';

describe('the environment of a step', () => {
  it('starts empty but for what the runner gives, and holds no GITHUB_TOKEN', async () => {
    stage = await createStage({
      'org/env@v1': action(
        { main: 'console.log("ENV "+JSON.stringify(process.env))' },
        'inputs:\n  two words: { default: "${{ github.repository }}" }\n  dashed-name: {}\n  gone: {}',
      ),
    });
    const run = await stage.play(workflow('- uses: org/env@v1\n  with: { dashed-name: given }\n  env: { OWN: "${{ vars.PLACE }}" }'), {
      variables: { PLACE: 'here' },
      payload: { a: 1 },
    });
    const env = JSON.parse(/ENV (.*)/.exec(raw())?.[1] ?? '{}') as Record<string, string>;
    const repository = stage.github.getRepository('acme/net');
    expect(env).toMatchObject({
      'CI': 'true',
      'GITHUB_ACTION': '__org_env',
      'GITHUB_ACTION_REPOSITORY': 'org/env',
      'GITHUB_ACTION_REF': 'v1',
      'GITHUB_ACTOR': 'mona',
      'GITHUB_API_URL': stage.github.apiUrl,
      'GITHUB_EVENT_NAME': 'repository_dispatch',
      'GITHUB_GRAPHQL_URL': stage.github.graphqlUrl,
      'GITHUB_JOB': 'check',
      'GITHUB_REF': 'refs/heads/main',
      'GITHUB_REPOSITORY': 'acme/net',
      'GITHUB_REPOSITORY_ID': String(repository.id),
      'GITHUB_REPOSITORY_OWNER': 'acme',
      'GITHUB_REPOSITORY_OWNER_ID': String(repository.ownerId),
      'GITHUB_RUN_ATTEMPT': '1',
      'GITHUB_RUN_ID': String(run.id),
      'GITHUB_RUN_NUMBER': '1',
      'GITHUB_SERVER_URL': stage.github.url,
      'GITHUB_SHA': run.headSha,
      'GITHUB_WORKFLOW': 'Gate',
      'GITHUB_WORKFLOW_REF': 'acme/net/.github/workflows/run.yml@refs/heads/main',
      'GITHUB_WORKSPACE': run.jobs[0]?.workspace,
      'INPUT_DASHED-NAME': 'given',
      'INPUT_TWO_WORDS': 'acme/net',
      'OWN': 'here',
      'RUNNER_OS': 'Linux',
      'RUNNER_TEMP': run.jobs[0]?.temp,
    });
    const unexpected = Object.keys(env).filter((name) => !/^(GITHUB_|RUNNER_|INPUT_|CI$|PATH$|HOME$|LANG$|OWN$)/.test(name));
    expect(unexpected).toEqual([]);
    for (const name of ['GITHUB_TOKEN', 'INPUT_GONE', 'ACTIONS_ID_TOKEN_REQUEST_URL', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN'])
      expect(env).not.toHaveProperty([name]);
    expect(JSON.parse(await readFile(env['GITHUB_EVENT_PATH'] ?? '', 'utf8'))).toMatchObject({ action: 'go', client_payload: { a: 1 } });
  });

  it('carries what earlier steps wrote to GITHUB_ENV, GITHUB_PATH and GITHUB_OUTPUT', async () => {
    stage = await createStage();
    await stage.play(
      workflow(
        [
          '- id: one',
          '  run: |',
          '    printf "A=1\\nB<<END\\ntwo\\nlines\\nEND\\n" >> "$GITHUB_ENV"',
          '    mkdir bin && printf "#!/bin/sh\\necho from the path" > bin/tool && chmod +x bin/tool && echo "$PWD/bin" >> "$GITHUB_PATH"',
          '    echo "answer=42" >> "$GITHUB_OUTPUT"',
          '- run: tool && echo "A is $A, B is $B, answer ${{ steps.one.outputs.answer }}"',
        ].join('\n'),
      ),
    );
    expect(log()).toContain('from the path\nA is 1, B is two\nlines, answer 42');
    expect(stage.github.runs[0]?.jobs[0]?.steps[0]?.outputs).toEqual({ answer: '42' });
  });

  it('fails the step for NODE_OPTIONS and for a line that is no command', async () => {
    stage = await createStage();
    const run = await stage.play(
      workflow(
        [
          '- { id: a, run: echo "NODE_OPTIONS=--require x" >> "$GITHUB_ENV", continue-on-error: true }',
          '- { id: b, run: echo "no equals" >> "$GITHUB_OUTPUT" }',
        ].join('\n'),
      ),
    );
    expect(run.jobs[0]?.steps.map((s) => s.outcome)).toEqual(['failure', 'failure']);
    expect(run.jobs[0]?.annotations.map((a) => a.message)).toEqual([
      "Unable to process file command 'env' successfully. Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.",
      "Unable to process file command 'output' successfully. Invalid format 'no equals'",
    ]);
  });
});

describe('masks', () => {
  it('hide the repository’s secrets from the start, in each encoding', async () => {
    stage = await createStage();
    const secret = 'hunter2/with+"quotes"';
    const base64 = Buffer.from(secret).toString('base64');
    await stage.play(
      workflow(
        '- run: |\n    printf "%s\\n" "$S" "$(printf %s "$S" | base64 -w0)"\n    echo "${{ github.event.client_payload.url }}"\n  env: { S: "${{ secrets.PASSWORD }}" }',
      ),
      {
        secrets: { PASSWORD: secret },
        payload: { url: encodeURIComponent(secret) },
      },
    );
    expect(raw()).toContain(base64);
    for (const form of [secret, base64, encodeURIComponent(secret)]) expect(log()).not.toContain(form);
    expect(log()).toContain('S: ***');
  });

  it('hide what add-mask names, each of its lines, and only from then on', async () => {
    stage = await createStage();
    await stage.play(
      workflow(
        '- run: |\n    echo before topsecret1\n    echo "::add-mask::topsecret1%0Asecond-line"\n    echo after topsecret1, second-line',
      ),
    );
    const lines = log()
      .split('\n')
      .filter((line) => line.startsWith('before') || line.startsWith('after'));
    expect(lines).toEqual(['before topsecret1', 'after ***, ***']);
  });

  it('come too late for what the runner prints of `with:`', async () => {
    stage = await createStage({
      'org/a@v1': action(
        { main: 'console.log("::add-mask::"+process.env.INPUT_KEY);console.log(process.env.INPUT_KEY)' },
        'inputs: { key: {} }',
      ),
    });
    await stage.play(workflow('- uses: org/a@v1\n  with: { key: "${{ github.event.client_payload.key }}" }'), {
      payload: { key: 'from-the-payload' },
    });
    expect(log()).toContain('  key: from-the-payload');
    expect(
      log()
        .split('\n')
        .filter((line) => line === '***'),
    ).toHaveLength(1);
  });

  it('hide the job’s token, and drop a job output that holds a secret', async () => {
    stage = await createStage();
    const run = await stage.play(
      workflow('- { id: a, run: "echo ${{ github.token }}; echo out=${{ secrets.S }} >> $GITHUB_OUTPUT" }').replace(
        '    steps:',
        '    outputs: { leak: "${{ steps.a.outputs.out }}", fine: "ok" }\n    steps:',
      ),
      { secrets: { S: 'very-secret-value' } },
    );
    expect(raw()).toMatch(/^ghs_/m);
    expect(log()).not.toContain('ghs_');
    expect(run.jobs[0]?.outputs).toEqual({ fine: 'ok' });
  });
});

describe('workflow commands', () => {
  it('are obeyed on either stream and with leading blanks, in the old form anywhere in a line', async () => {
    stage = await createStage();
    const run = await stage.play(
      workflow(
        '- run: |\n    echo "::error file=main.tf,line=3,title=No%2C really::bad%0Aworse"\n    echo "  ::warning::careful" >&2\n    echo "text ##[notice]old"\n    echo "::unknown::x"',
      ),
    );
    // Two streams: which line comes first is the system's choice.
    const byKind = run.jobs[0]?.steps[0]?.annotations.toSorted((a, b) => a.kind.localeCompare(b.kind));
    expect(byKind).toEqual([
      { kind: 'error', message: 'bad\nworse', title: 'No, really', file: 'main.tf', line: 3 },
      { kind: 'notice', message: 'old', title: null, file: null, line: null },
      { kind: 'warning', message: 'careful', title: null, file: null, line: null },
    ]);
    expect(run.conclusion).toBe('success');
    expect(log()).toContain('::unknown::x');
  });

  it('are text between stop-commands and its token', async () => {
    stage = await createStage();
    const run = await stage.play(
      workflow(
        '- run: |\n    echo "::stop-commands::tok-1"\n    echo "::error::ignored"\n    echo "##[error]ignored too"\n    echo "::tok-1::"\n    echo "::error::heard"',
      ),
    );
    expect(run.jobs[0]?.annotations.map((a) => a.message)).toEqual(['heard']);
    expect(log()).toContain('::error::ignored');
  });

  it('give ten annotations of a kind, and keep the words that were taken as commands', async () => {
    stage = await createStage();
    const run = await stage.play(workflow('- run: for i in $(seq 1 12); do echo "::error::e$i"; done; echo "::warning::w"'));
    expect(run.jobs[0]?.steps[0]?.annotations.map((a) => a.message)).toEqual([...Array.from({ length: 10 }, (_, i) => `e${i + 1}`), 'w']);
    expect(run.jobs[0]?.steps[0]?.commands).toHaveLength(13);
  });

  it('cannot set the environment', async () => {
    stage = await createStage();
    const run = await stage.play(workflow('- run: echo "::set-env name=PATH::/evil"\n- run: echo path ok'));
    expect(run.jobs[0]?.annotations[0]?.message).toContain('The `set-env` command is disabled');
    expect(run.conclusion).toBe('success');
  });
});

describe('the summary', () => {
  it('is kept masked, up to 1 MiB; more is dropped with an error and the step stays green', async () => {
    stage = await createStage();
    const run = await stage.play(
      workflow(
        [
          '- run: printf "# Plan\\nkey ${{ secrets.S }}\\n" >> "$GITHUB_STEP_SUMMARY"',
          '- run: head -c 1048577 /dev/zero | tr "\\0" x >> "$GITHUB_STEP_SUMMARY"',
          '- run: head -c 1048576 /dev/zero | tr "\\0" y >> "$GITHUB_STEP_SUMMARY"',
        ].join('\n'),
      ),
      { secrets: { S: 'very-secret-value' } },
    );
    expect(run.jobs[0]?.summary.map((s) => s.slice(0, 15))).toEqual(['# Plan\nkey ***\n', 'y'.repeat(15)]);
    expect(run.jobs[0]?.annotations.map((a) => a.message)).toEqual([
      '$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k, got 1025k.',
    ]);
    expect(run.conclusion).toBe('success');
  });
});

describe('GITHUB_TOKEN', () => {
  it('has the listed permissions only, speaks as github-actions[bot], and dies with the job', async () => {
    const main = `
      const call = async (method, path, body) => {
        const answer = await fetch(process.env.GITHUB_API_URL + path, { method, headers: { authorization: 'token ' + process.env.INPUT_TOKEN }, body });
        console.log(method, path, answer.status, method === 'POST' ? (await answer.json()).user?.login : '');
      };
      await call('POST', '/repos/acme/net/issues/1/comments', JSON.stringify({ body: 'x' }));
      await call('POST', '/repos/acme/net/statuses/' + 'a'.repeat(40), JSON.stringify({ state: 'success' }));
      await call('GET', '/repos/acme/other');
    `;
    stage = await createStage({ 'org/a@v1': action({ main }, 'inputs: { token: { default: "${{ github.token }}" } }') });
    stage.github.createRepository({ owner: 'acme', name: 'other' });
    stage.github.hooks.push({
      step: 'org/a@v1',
      phase: 'main',
      before: async () => void stage.github.createPullRequest({ repository: 'acme/net', number: 1, headSha: 'a'.repeat(40), headRef: 't' }),
    });
    await stage.play(workflow('- uses: org/a@v1', 'permissions: { pull-requests: write }'));
    expect(log()).toContain('POST /repos/acme/net/issues/1/comments 201 github-actions[bot]');
    expect(log()).toContain(`POST /repos/acme/net/statuses/${'a'.repeat(40)} 403`);
    expect(log()).toContain('GET /repos/acme/other 404');
    const token = /token: (ghs_\S+)/.exec(raw())?.[1] ?? '';
    expect((await stage.call('GET', '/repos/acme/net', { token })).status).toBe(401);
  });
});

describe('jobs', () => {
  it('wait for what they need, see its outputs, and are skipped when it failed', async () => {
    stage = await createStage();
    const job = (name: string, more: string, run: string): string =>
      `  ${name}:\n    runs-on: x\n${more}    steps: [{ id: s, run: '${run}' }]\n`;
    const run = await stage.play(
      `on: repository_dispatch\njobs:\n${job('last', "    needs: [first, bad]\n    if: always() && needs.bad.result == 'failure'\n", 'echo got ${{ needs.first.outputs.x }}')}${job('skipped', '    needs: bad\n', 'true')}${job('first', '    outputs: { x: "${{ steps.s.outputs.x }}" }\n', 'echo x=7 >> "$GITHUB_OUTPUT"')}${job('bad', '', 'exit 1')}`,
    );
    expect(run.problems).toEqual([]);
    expect(Object.fromEntries(run.jobs.map((j) => [j.key, j.conclusion]))).toEqual({
      last: 'success',
      skipped: 'skipped',
      first: 'success',
      bad: 'failure',
    });
    expect(run.jobs[0]?.log).toContain('got 7');
    expect(run.conclusion).toBe('failure');
    expect((await stage.call('GET', `/repos/acme/net/actions/runs/${run.id}/jobs`)).body).toMatchObject({ total_count: 4 });
  });

  it('get the secrets of their environment, if its branch policy lets them', async () => {
    stage = await createStage();
    const text =
      'on: repository_dispatch\njobs: { a: { runs-on: x, environment: sealed, steps: [{ run: "test ${{ secrets.KEY }} = right" }] } }';
    for (const [name, branches] of [
      ['net', ['main']],
      ['gate', ['release']],
    ] as const)
      stage.github.createRepository({
        owner: 'acme',
        name,
        files: { '.github/workflows/a.yml': text },
        secrets: { KEY: 'wrong' },
        environments: { sealed: { secrets: { KEY: 'right' }, branches } },
      });
    for (const name of ['net', 'gate']) await stage.call('POST', `/repos/acme/${name}/dispatches`, { body: { event_type: 'go' } });
    await stage.github.idle();
    expect(stage.github.runs.map((run) => run.conclusion)).toEqual(['success', 'failure']);
    expect(stage.github.runs[1]?.problems[0]).toContain('not allowed to deploy to sealed due to environment protection rules');
    expect(stage.github.runs[1]?.jobs.map((job) => job.steps)).toEqual([[]]);
  });

  it('check the default branch out', async () => {
    stage = await createStage();
    const run = await stage.play(
      workflow(
        '- uses: actions/checkout@v6\n  with: { persist-credentials: false }\n- run: cat deep/file.txt\n- uses: actions/checkout@v6\n  with: { lfs: true }',
      ),
      { files: { 'deep/file.txt': 'content' } },
    );
    expect(log()).toContain('\ncontent\n');
    expect(story(run).at(-1)).toContain('failure');
    expect(log()).toContain('does not know the input(s) lfs');
  });
});
