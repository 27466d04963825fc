// A repository's gate extends the checks of another one, at a commit: through both emulators, the relay and the committed dist/.
import { afterEach, describe, expect, it } from '@jest/globals';
import { destructivePlan, startFlow, workflow, type Flow } from '../support/flow.ts';

let flow: Flow;
afterEach(() => flow.close());

const CENTRAL = 'version: 1\nchecks:\n  - name: data stores stay\n    protect: { addresses: ["terraform_data.database*"] }\n';
const extending = (commit: string, more = ''): string =>
  `version: 1\nextends:\n  - { repository: acme/policies, commit: ${commit}${more} }\nchecks:\n  - { name: own, protect: { types: [aws_db_instance] } }\n`;

/** @param isPrivate  then the job's own token does not reach it */
async function startWithCentral(isPrivate: boolean, file: (commit: string) => string): Promise<string> {
  flow = await startFlow({
    workflow: workflow({ inputs: '          relay-url: ${{ vars.RUNTASK_RELAY_URL }}\n          github-token: ${{ github.token }}\n' }),
  });
  const policies = flow.github.createRepository({
    owner: 'acme',
    name: 'policies',
    private: isPrivate,
    files: { '.runtask/checks.yml': CENTRAL },
  });
  const pinned = policies.branches.get(policies.defaultBranch) ?? '';
  // What is there now is not what was pinned.
  flow.github.setFiles('acme/policies', { '.runtask/checks.yml': 'version: 1\nchecks: []\n' });
  flow.github.setFiles('acme/terraform-gate', { '.runtask/checks.yml': file(pinned) });
  return pinned;
}

describe('central checks', () => {
  it('judge as they were at the pinned commit, and the comment says where they come from', async () => {
    const pinned = await startWithCentral(false, extending);
    const { result, workflowRun, comment } = await flow.run({ plan: destructivePlan() });
    expect(result).toMatchObject({ status: 'failed', terminalCount: 1 });
    expect(result.message).toContain('1 of 2 checks failed: data stores stay');
    expect(workflowRun?.conclusion).toBe('success');
    expect(workflowRun?.jobs[0]?.log).toContain(`Central checks: acme/policies at ${pinned}, 1 files`);
    expect(comment?.body).toContain(`acme/policies@${pinned.slice(0, 7)}`);
    // The token is for the API. GitHub's emulated second host refuses it.
    const archives = flow.github.seen.filter(({ path }) => path.startsWith('/_codeload/'));
    expect(archives.map(({ status, headers }) => [status, headers['authorization']])).toEqual([[200, undefined]]);
  });

  it('that the token cannot read fail the run, with the remedy', async () => {
    const pinned = await startWithCentral(true, extending);
    const { result } = await flow.run();
    expect(result.status).toBe('failed');
    expect(result.message).toContain('.runtask/checks.yml:3:19: acme/policies cannot be had (extends[0].repository)');
    expect(result.message).toContain(
      `finds no commit ${pinned.slice(0, 7)} in acme/policies, or it cannot be read with this token (HTTP 404)`,
    );
    expect(result.message).toContain('Give a token that may read its contents');
  });

  it('that GitHub does not serve in time fail the run', async () => {
    await startWithCentral(false, extending);
    flow.github.failNext({ path: '/tarball/', status: 503, times: 3 });
    const { result } = await flow.run();
    expect(result).toMatchObject({ status: 'failed', message: expect.stringContaining('GitHub answered HTTP 503') });
  });

  it('may be left out and made advisory by name, and a name that is none is told', async () => {
    await startWithCentral(false, (commit) => extending(commit, ', without: [data stores]'));
    const { result } = await flow.run({ plan: destructivePlan() });
    expect(result.message).toContain('No check there is called "data stores" (extends[0].without[0])');
  });
});
