import { describe, expect, it } from '@jest/globals';
import { readInputs } from '../../src/action/inputs.ts';

const env = (inputs: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));

describe('readInputs', () => {
  it('reads a relay session with the defaults of action.yml', () => {
    expect(readInputs(env({ 'relay-url': 'https://relay.example.com/' }))).toEqual({
      transport: { kind: 'relay', relayUrl: 'https://relay.example.com' },
      planFile: null,
      inputs: {
        phase: 'all',
        resultsFiles: [],
        hcpToken: null,
        hcpHosts: ['app.terraform.io'],
        checksFile: '.runtask/checks.yml',
        githubToken: '',
        comment: 'combined',
        commitStatus: true,
        annotations: 'log',
        failJob: 'never',
        rawPlan: false,
      },
      problems: [],
    });
  });

  it('reads a sealed session', () => {
    const { transport, problems } = readInputs(
      env({ 'seal-key': '{}', 'relay-key': '{}', 'hcp-hosts': 'app.terraform.io, TFE.example.com' }),
    );
    expect(transport).toEqual({ kind: 'sealed', sealKey: '{}', relayKey: '{}', hcpHosts: ['app.terraform.io', 'tfe.example.com'] });
    expect(problems).toEqual([]);
  });

  it('has one comment for all workspaces where a relay keeps the sections, and one for each where nobody does', () => {
    const relay = { 'relay-url': 'https://r.example' };
    const sealed = { 'seal-key': '{}', 'relay-key': '{}' };
    const comment = (given: Record<string, string>): unknown => {
      const { inputs, problems } = readInputs(env(given));
      return [inputs.comment, problems];
    };
    expect(comment(relay)).toEqual(['combined', []]);
    expect(comment({ ...relay, comment: 'per-workspace' })).toEqual(['per-workspace', []]);
    expect(comment(sealed)).toEqual(['per-workspace', []]);
    expect(comment({ ...sealed, comment: 'none' })).toEqual(['none', []]);
    expect(comment({ ...sealed, comment: 'combined' })).toEqual([
      'per-workspace',
      [
        expect.stringMatching(
          /^input comment: combined needs a relay session\. .*nobody keeps.*Leave it out, or set per-workspace or none$/,
        ),
      ],
    ]);
  });

  it('reads globs one a line, each once', () => {
    const { inputs, problems } = readInputs(
      env({ 'relay-url': 'https://r.example', 'results-files': ' a/*.sarif\r\n\nb.xml\na/*.sarif\n' }),
    );
    expect(inputs.resultsFiles).toEqual(['a/*.sarif', 'b.xml']);
    expect(problems).toEqual([]);
  });

  it('refuses results-files at begin, which would never read them', () => {
    const given = { 'relay-url': 'https://r.example', 'phase': 'begin', 'results-files': 'a.sarif' };
    expect(readInputs(env(given)).problems).toEqual([expect.stringContaining('the step with `phase: finish` reads reports')]);
    expect(readInputs(env({ ...given, phase: 'finish' })).problems).toEqual([]);
  });

  it.each(['/etc/passwd', '../x.sarif', 'a/../../x', 'a\\b'])('refuses the results file %s: it is not in the workspace', (glob) => {
    const { inputs, problems } = readInputs(env({ 'relay-url': 'https://r.example', 'results-files': `ok.sarif\n${glob}` }));
    expect(inputs.resultsFiles).toEqual([]);
    expect(problems).toEqual([expect.stringContaining('input results-files')]);
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ['nothing set', {}, /^input relay-url: not set\. Write/],
    ['both transports', { 'relay-url': 'https://r.example', 'seal-key': 'k' }, /not both/],
    ['half a sealed transport', { 'seal-key': 'k' }, /^input relay-key: the sealed transport needs/],
    ['plain http to a host that is not this machine', { 'relay-url': 'http://relay.example.com' }, /^input relay-url: write an https URL/],
    ['credentials in the URL', { 'relay-url': 'https://a:b@relay.example.com' }, /^input relay-url/],
    ['a query in the URL', { 'relay-url': 'https://relay.example.com?x=1' }, /^input relay-url/],
    ['no URL', { 'relay-url': 'relay' }, /^input relay-url/],
  ])('has no transport with %s', (_, inputs, problem) => {
    const reading = readInputs(env(inputs));
    expect(reading.transport).toBeNull();
    expect(reading.problems).toEqual([expect.stringMatching(problem)]);
  });

  it('tells every wrong value at once and keeps the transport, so that HCP Terraform can be told', () => {
    const { transport, problems } = readInputs(
      env({
        'relay-url': 'https://relay.example.com',
        'comment': 'sometimes',
        'commit-status': 'yes',
        'fail-job': 'always',
        'raw-plan': '1',
        'phase': 'middle',
      }),
    );
    expect(transport).not.toBeNull();
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      'input phase',
      'input comment',
      'input commit-status',
      'input fail-job',
      'input raw-plan',
    ]);
  });

  it('reads a plan of the job, with a job that fails as its default', () => {
    const { planFile, transport, inputs, problems } = readInputs(env({ 'plan-file': 'net/plan.json', 'workspace': 'net-prod' }));
    expect({ planFile, transport, failJob: inputs.failJob, comment: inputs.comment, problems }).toEqual({
      planFile: { path: 'net/plan.json', workspace: 'net-prod' },
      transport: null,
      failJob: 'on-failed',
      comment: 'per-workspace',
      problems: [],
    });
  });

  it('takes the name of a workspace for a plan-file only', () => {
    const { problems } = readInputs(env({ 'relay-url': 'https://relay.example.com', 'workspace': 'net-prod' }));
    expect(problems).toEqual(['input workspace: names a plan-file; a run task brings its own workspace. Remove it']);
  });
});
