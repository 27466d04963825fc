// Every call of every story broken once, and the line cut for good from every call on: then the same again. The end is the same, and
// nothing is there twice.
import { describe, expect, it } from '@jest/globals';
import type { AnyResource } from '../../../../src/config/engine/resource.ts';
import type { Clients } from '../../../../src/config/resources/clients.ts';
import { repositorySecret } from '../../../../src/config/resources/repository-secret.ts';
import { repositoryVariable } from '../../../../src/config/resources/repository-variable.ts';
import { repositoryWorkflow } from '../../../../src/config/resources/repository-workflow.ts';
import { REPOSITORY, startSettings, type SettingsStage } from '../../../support/github-settings.ts';
import { createHands, type Given, type Hands } from './hands.ts';

const PATH = '.github/workflows/run-task.yml';

interface Story {
  readonly resource: AnyResource<Clients>;
  readonly key: Given;
  /** Applied one after another; null: deleted. The last one is the one that is broken. */
  readonly steps: readonly (Given | null)[];
  /** Pull requests that are merged before the last step. */
  readonly merged?: readonly number[];
}

const FILE: Given = { repository: REPOSITORY, path: PATH };
const V1: Given = { ...FILE, action: 'org/runtask-action@v1' };
const V2: Given = { ...FILE, action: 'org/runtask-action@v2' };
const pull = (given: Given): Given => ({ ...given, via: 'pull_request' });
const workflow = { resource: repositoryWorkflow, key: FILE };
const NAME: Given = { repository: REPOSITORY, name: 'GATE' };
const variable = { resource: repositoryVariable, key: NAME };
const secret = { resource: repositorySecret, key: NAME };

const STORIES: Readonly<Record<string, Story>> = {
  'a workflow is made by commit': { ...workflow, steps: [V1] },
  'a workflow is changed by commit': { ...workflow, steps: [V1, V2] },
  'a workflow is removed by commit': { ...workflow, steps: [V1, null] },
  'a workflow is proposed': { ...workflow, steps: [pull(V1)] },
  'a proposal is changed': { ...workflow, steps: [pull(V1), pull(V2)] },
  'a change is proposed': { ...workflow, steps: [pull(V1), pull(V2)], merged: [1] },
  'a proposal becomes a commit': { ...workflow, steps: [pull(V1), V1] },
  'a proposal is withdrawn': { ...workflow, steps: [pull(V1), null] },
  'a removal is proposed': { ...workflow, steps: [pull(V1), null], merged: [1] },
  'a variable is made': { ...variable, steps: [{ ...NAME, value: 'a' }] },
  'a variable is changed': {
    ...variable,
    steps: [
      { ...NAME, value: 'a' },
      { ...NAME, value: 'b' },
    ],
  },
  'a variable is deleted': { ...variable, steps: [{ ...NAME, value: 'a' }, null] },
  'a secret is made': { ...secret, steps: [{ ...NAME, value: 'one-value', value_version: 1 }] },
  'a secret is changed': {
    ...secret,
    steps: [
      { ...NAME, value: 'one-value', value_version: 1 },
      { ...NAME, value: 'two-value', value_version: 2 },
    ],
  },
  'a secret is deleted': { ...secret, steps: [{ ...NAME, value: 'one-value', value_version: 1 }, null] },
};

type Break = 'before' | 'after';
/** Which requests of the last step are broken, by their number. */
interface Plan {
  readonly isBroken: (call: number) => boolean;
  readonly how: Break;
}

interface Played {
  readonly end: unknown;
  /** Methods of the last step's requests. */
  readonly calls: readonly string[];
  /** Did the broken command say that something went wrong? */
  readonly failed: boolean;
}

async function play(story: Story, broken: Plan | null): Promise<Played> {
  const stage = await startSettings({ files: { 'README.md': '' } });
  try {
    const calls: string[] = [];
    let isOn = false;
    const send: typeof fetch = async (input, init) => {
      if (isOn) calls.push(init?.method ?? 'GET');
      const plan = isOn && broken?.isBroken(calls.length) === true ? broken : null;
      if (plan?.how === 'before') throw new TypeError('fetch failed');
      const answer = await fetch(input, init);
      await answer.clone().arrayBuffer();
      if (plan?.how === 'after') throw new TypeError('fetch failed');
      return answer;
    };
    const hands = createHands(story.resource, story.key, () => stage.settings(undefined, send));
    for (const step of story.steps.slice(0, -1)) await hands.apply(step);
    for (const number of story.merged ?? []) stage.github.mergePullRequest(REPOSITORY, number);
    const last = story.steps.at(-1) ?? null;
    isOn = true;
    const before = hands.remembered;
    const first = await hands.apply(last);
    isOn = false;
    const failed = first.problems.some(({ severity }) => severity === 'error');
    if (failed) {
      hands.remembered ??= before;
      expectNoErrors(await hands.apply(last));
    }
    expect((await hands.plan(last)).action).toBe(story.merged !== undefined && last === null ? 'delete' : 'no-op');
    return { end: endOf(stage), calls, failed };
  } finally {
    await stage.close();
  }
}

const expectNoErrors = ({ problems }: Awaited<ReturnType<Hands['apply']>>): void =>
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);

function endOf({ github }: SettingsStage): unknown {
  const { branches, commits, pulls, secrets, variables } = github.getRepository(REPOSITORY);
  return {
    branches: Object.fromEntries(
      [...branches].map(([name, sha]) => [
        name,
        [...(commits.get(sha)?.files ?? new Map<string, string>())].map(([path, text]) => [path, String(text)]),
      ]),
    ),
    pulls: [...pulls.values()].map(({ number, state, title, body, headRef }) => ({ number, state, title, body, headRef })),
    secrets: [...secrets.values()].map(({ name, value }) => [name, value]),
    variables: [...variables.values()].map(({ name, value }) => [name, value]),
  };
}

describe.each(Object.entries(STORIES))('%s', (_, story) => {
  it('ends the same, whichever call is broken', async () => {
    const whole = await play(story, null);
    expect(whole.failed).toBe(false);
    expect(whole.calls.length).toBeGreaterThan(2);
    for (const [index, method] of whole.calls.entries()) {
      const call = index + 1;
      // To have been read and not told is not to have been read.
      for (const how of method === 'GET' ? (['before'] as const) : (['before', 'after'] as const)) {
        const once = await play(story, { how, isBroken: (one) => one === call });
        expect([`call ${call}, ${how}`, once.failed, once.end]).toEqual([`call ${call}, ${how}`, false, whole.end]);
        const cut = await play(story, { how, isBroken: (one) => one >= call });
        expect([`from call ${call}, ${how}`, cut.failed, cut.end]).toEqual([`from call ${call}, ${how}`, true, whole.end]);
      }
    }
  });
});
