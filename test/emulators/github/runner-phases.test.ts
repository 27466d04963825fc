// pre, main and post by GitHub's rules, with real processes.
import { afterEach, describe, expect, it } from '@jest/globals';
import { action, createStage, type Stage, story } from './stage.ts';

let stage: Stage;
afterEach(() => stage.close());

const three = action({ pre: 'console.log("in pre")', main: 'console.log("in main")', post: 'console.log("in post")' });
const onlyPost = action({ main: '', post: '' });

const workflow = (steps: string): string => `
on: { repository_dispatch: { types: [go] } }
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
${steps.replace(/^/gm, '      ')}
`;

describe('pre, main, post', () => {
  it('runs every pre first and the posts in reverse order of their registration', async () => {
    stage = await createStage({ 'org/a@v1': three, 'org/b@v1': three, 'org/c@v1': onlyPost });
    const run = await stage.play(workflow('- { id: c, uses: org/c@v1 }\n- { id: a, uses: org/a@v1 }\n- { id: b, uses: org/b@v1 }'));
    expect(run.problems).toEqual([]);
    expect(story(run)).toEqual([
      'pre a: success',
      'pre b: success',
      'main c: success',
      'main a: success',
      'main b: success',
      // c came last to the list: its post was registered when its main started.
      'post c: success',
      'post b: success',
      'post a: success',
    ]);
    expect(run.conclusion).toBe('success');
  });

  it('runs the post of an action whose pre ran, although an earlier step failed; without pre it leaves nothing', async () => {
    stage = await createStage({ 'org/a@v1': three, 'org/c@v1': onlyPost });
    const run = await stage.play(workflow('- { id: bad, run: exit 3 }\n- { id: a, uses: org/a@v1 }\n- { id: c, uses: org/c@v1 }'));
    expect(story(run)).toEqual(['pre a: success', 'main bad: failure', 'main a: skipped', 'main c: skipped', 'post a: success']);
    expect(run.jobs[0]?.steps[1]?.exitCode).toBe(3);
    expect(run.conclusion).toBe('failure');
  });

  it('runs pre and post, not main, where `if:` skips the step', async () => {
    stage = await createStage({ 'org/a@v1': three });
    const run = await stage.play(workflow("- { id: a, uses: org/a@v1, if: github.event.client_payload.no == 'yes' }"));
    expect(story(run)).toEqual(['pre a: success', 'main a: skipped', 'post a: success']);
    expect(run.conclusion).toBe('success');
  });

  it('runs no pre for a local action, and its post once its main started', async () => {
    stage = await createStage();
    const files = Object.fromEntries(Object.entries(three).map(([name, text]) => [`tool/${name}`, text]));
    const run = await stage.play(workflow('- uses: actions/checkout@v6\n- { id: mine, uses: ./tool }'), { files });
    expect(story(run)).toEqual(['main Run actions/checkout@v6: success', 'main mine: success', 'post mine: success']);
  });

  it('fails the job when a pre fails, skips what follows, and still runs the post', async () => {
    stage = await createStage({ 'org/a@v1': action({ pre: 'process.exit(1)', main: '', post: '' }) });
    const run = await stage.play(workflow('- { id: a, uses: org/a@v1 }'));
    expect(story(run)).toEqual(['pre a: failure', 'main a: skipped', 'post a: success']);
    expect(run.conclusion).toBe('failure');
  });

  it('obeys pre-if and post-if', async () => {
    const picky = { ...three, 'action.yml': three['action.yml'] + '  pre-if: "false"\n  post-if: failure()\n' };
    stage = await createStage({ 'org/a@v1': picky });
    const run = await stage.play(workflow('- { id: a, uses: org/a@v1 }'));
    expect(story(run)).toEqual(['pre a: skipped', 'main a: success', 'post a: skipped']);
  });

  it('keeps state from pre to post, and gives it to no other use', async () => {
    const saving = action(
      {
        pre: 'import{appendFileSync}from"node:fs";appendFileSync(process.env.GITHUB_STATE,"who<<X\\n"+process.env.INPUT_NAME+"\\nand more\\nX\\n")',
        main: 'import{appendFileSync}from"node:fs";console.log("main saw",process.env.STATE_who);appendFileSync(process.env.GITHUB_STATE,"second=2\\n")',
        post: 'console.log("post saw",process.env.STATE_who,process.env.STATE_second)',
      },
      'inputs:\n  name: { description: who }',
    );
    stage = await createStage({ 'org/a@v1': saving });
    const run = await stage.play(workflow('- { uses: org/a@v1, with: { name: one } }\n- { uses: org/a@v1, with: { name: two } }'));
    const lines = run.jobs[0]?.log.split('\n').filter((line) => /saw|more/.test(line));
    expect(lines).toEqual([
      'main saw one',
      'and more',
      'main saw two',
      'and more',
      'post saw two',
      'and more 2',
      'post saw one',
      'and more 2',
    ]);
  });

  it('says which action it cannot resolve, and runs nothing', async () => {
    stage = await createStage();
    const run = await stage.play(workflow('- run: echo never\n- uses: nobody/nothing@v9'));
    expect(story(run)).toEqual([]);
    expect(run.conclusion).toBe('failure');
    expect(run.jobs[0]?.log).toContain('Unable to resolve action `nobody/nothing@v9`, repository not found');
  });

  it('reads continue-on-error and status conditions', async () => {
    stage = await createStage();
    const run = await stage.play(
      workflow(
        [
          '- { id: soft, run: exit 1, continue-on-error: true }',
          "- { id: next, run: 'true', if: steps.soft.outcome == 'failure' }",
          '- { id: bad, run: exit 1 }',
          '- { id: never, run: exit 0 }',
          '- { id: plain, run: exit 0, if: 1 == 1 }',
          '- { id: oncancel, run: exit 0, if: cancelled() }',
          '- { id: onfail, run: exit 0, if: failure() }',
          "- { id: always, run: 'echo status ${{ job.status }}', if: always() }",
        ].join('\n'),
      ),
    );
    expect(story(run)).toEqual([
      'main soft: success',
      'main next: success',
      'main bad: failure',
      'main never: skipped',
      'main plain: skipped',
      'main oncancel: skipped',
      'main onfail: success',
      'main always: success',
    ]);
    expect(run.jobs[0]?.log).toContain('status failure');
  });
});
