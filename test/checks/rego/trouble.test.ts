// Whatever breaks with the engine, the checkout or the time ends as a reason and never as a pass; nothing is left behind.
import { afterEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeBin, PLAN, runRego, type Machine, type Situation, type Told } from './harness.ts';

const files: Situation['files'] = { 'policy/a.rego': 'package main\ndeny contains "x"\n' };
const aSituation = (over: Partial<Situation> = {}): Situation => ({ files, rego: { policy: 'policy' }, ...over });

const CAPABILITIES = JSON.stringify({
  builtins: [{ name: 'count' }, { name: 'http.send' }, { name: 'opa.runtime' }],
  features: ['rego_v1'],
});
/** An opa that knows its version and capabilities; `body` is what it does when it is asked. `args` and `fs` are there. */
const anOpa = (body: string): Record<string, string> => ({
  opa: `const args = process.argv.slice(2); const fs = require('node:fs');
    if (args[0] === 'version') console.log('Version: 1.9.0');
    else if (args[0] === 'capabilities') console.log(${JSON.stringify(CAPABILITIES)});
    else { ${body} }`,
});
const ANSWER = (answers: unknown): string =>
  `console.log(JSON.stringify({ result: [{ expressions: [{ value: [{ msg: 'answers', answers: ${JSON.stringify(answers)} }] }] }] }));`;

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0)) await clean();
});

async function on(programs: Record<string, string>, situation: Situation = aSituation(), machine: Partial<Machine> = {}): Promise<Told> {
  const made = await makeBin(programs);
  cleanups.push(() => made.remove());
  return runRego(situation, { bin: made.bin, ...machine });
}

const reasonOf = async (...args: Parameters<typeof on>): Promise<string | null> => {
  const { outcome, left } = await on(...args);
  expect({ findings: outcome.findings, left }).toEqual({ findings: [], left: [] });
  return outcome.reason;
};

describe('no engine', () => {
  it.each([
    ['auto', /^Neither opa nor conftest is on the PATH of this job\. .*open-policy-agent\/setup-opa@v2/],
    ['opa', /^opa is not on the PATH of this job\. .*setup-opa@v2.*version/],
    ['conftest', /^conftest is not on the PATH of this job\. .*checksum/],
  ])('engine: %s names the step to add', async (engine, expected) => {
    expect(await reasonOf({}, aSituation({ rego: { policy: 'policy', engine } }))).toMatch(expected);
  });

  it('a broken opa is not passed over for a conftest', async () => {
    expect(await reasonOf({ opa: 'process.exit(3)', conftest: 'console.log("Conftest: 0.69.0")' })).toBe(
      'opa does not tell its version. Is the program of that name on the PATH the right one?',
    );
  });

  it.each([
    [{ opa: 'console.log("Version: 0.62.1")' }, 'opa 0.62.1 is too old. It must be 0.70 or later'],
    [{ conftest: 'console.log("Conftest: v0.56.0")' }, 'conftest 0.56.0 is too old. It must be 0.57 or later'],
    [
      { opa: 'if (process.argv[2] === "version") console.log("Version: 1.9.0"); else process.exit(1)' },
      'opa 1.9.0 does not tell its capabilities, so that the network cannot be switched off',
    ],
  ])('an engine that cannot be used: %j', async (programs, expected) => {
    expect(await reasonOf(programs)).toBe(expected);
  });

  it('one that does not tell its version in time', async () => {
    const clock = { now: () => 0, sleep: async () => {}, after: (ms: number, fn: () => void) => (ms === 5000 ? cancelling(fn) : () => {}) };
    expect(await reasonOf({ opa: 'setInterval(() => {}, 1000)' }, aSituation(), { clock })).toBe('opa did not tell its version within 5 s');
  });
});

/** The time is up as soon as it is asked for. */
function cancelling(fn: () => void): () => void {
  const immediate = setImmediate(fn);
  return () => clearImmediate(immediate);
}

describe('an engine that breaks', () => {
  it.each([
    ['ends without a word', 'process.exit(2)', 'opa ended with exit code 2 and gave no answer'],
    [
      'says only why',
      'console.error("Error: unknown flag: --input"); process.exit(1)',
      'opa ended with exit code 1 and gave no answer: Error: unknown flag: --input',
    ],
    ['prints no JSON', 'console.log("<html>")', 'opa ended with exit code 0 and gave no answer'],
    [
      'prints half of it',
      'process.stdout.write(\'{"result": [{"expressions": [{"value": [{"ans\')',
      'opa ended with exit code 0 and gave no answer',
    ],
    ['prints deep JSON', 'process.stdout.write("[".repeat(100000))', 'opa ended with exit code 0 and gave no answer'],
    ['prints an empty object', 'console.log("{}")', 'opa ended with exit code 0 and gave no answer'],
    ['has no result', 'console.log(\'{"result": []}\')', 'opa ended with exit code 0 and gave no answer'],
    ['answers something else', ANSWER('yes'), 'opa ended with exit code 0 and gave no answer'],
    ['answers too little', ANSWER([]), 'opa gave 0 answers to 1 questions'],
    ['answers in another form', ANSWER([{ deny: [] }]), 'main.deny has no readable answer'],
    [
      'is killed',
      'process.kill(process.pid, "SIGKILL")',
      'opa was killed (SIGKILL). Did it run out of memory? It needs about 20 times the size of the plan',
    ],
    [
      'prints without end',
      'const line = "x".repeat(1 << 20); const more = () => process.stdout.write(line, more); more();',
      'opa was ended because it printed too much. A rule may give more than 32 MiB of results',
    ],
    [
      'quotes the plan that it cannot parse',
      'console.log(JSON.stringify({ errors: [{ message: "unable to parse input: yaml: line 3: cannot unmarshal hunter2-hunter2" }] })); process.exit(2)',
      'the plan could not be read',
    ],
  ])('%s', async (_, body, expected) => {
    expect(await reasonOf(anOpa(body))).toBe(expected);
  });

  it('is stopped when the time of the check is up', async () => {
    const stop = new AbortController();
    const opa = anOpa('fs.writeFileSync("../started", ""); setInterval(() => {}, 1000)');
    const running = on(opa, aSituation(), { signal: stop.signal, env: { RUNNER_TEMP: await aFolder(stop) } });
    await expect(running).rejects.toThrow('the time is up');
  });

  /** Ends the time when the engine says that it works. */
  async function aFolder(stop: AbortController): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'rego-started-'));
    const { watch } = await import('node:fs');
    const watcher = watch(folder, (_, name) => {
      if (name === 'started') stop.abort(new Error('the time is up'));
    });
    cleanups.push(async () => {
      watcher.close();
      await rm(folder, { recursive: true, force: true });
    });
    return folder;
  }
});

describe('what the engine gets', () => {
  it('a clean environment, its own home and folder, the policies and nothing beside them, and no network', async () => {
    const body = `const files = fs.readdirSync('.', { recursive: true }).filter((file) => fs.statSync(file).isFile()).sort();
      const modes = [...new Set(['.', ...files].map((file) => (fs.statSync(file).mode & 0o077).toString(8)))];
      const builtins = JSON.parse(fs.readFileSync('capabilities.json')).builtins.map(({ name }) => name);
      const { allow_net } = JSON.parse(fs.readFileSync('capabilities.json'));
      const env = Object.keys(process.env).filter((name) => name !== 'RUNTASK_TOOL').sort();
      const home = process.env.HOME === process.cwd();
      const msg = JSON.stringify({ files, modes, builtins, allow_net, env, home, plan: args.includes(${JSON.stringify(PLAN)}) });
      console.log(JSON.stringify({ result: [{ expressions: [{ value: [{ answers: [[msg]] }] }] }] }));`;
    const { outcome } = await on(
      anOpa(body),
      aSituation({
        files: {
          ...files,
          'conftest.toml': 'no-fail = true',
          'policy/data.json': '{}',
          'policy/.git/x.rego': 'no',
          'lists/a/b.yaml': 'a: 1',
          'lists/c.txt': '',
        },
        rego: { policy: ['policy', 'policy/a.rego'], data: 'lists' },
      }),
      { env: { GITHUB_TOKEN: 't', INPUT_TOKEN: 't', ACTIONS_RUNTIME_TOKEN: 't', CONFTEST_NO_FAIL: '1', LANG: 'C' } },
    );
    expect(outcome.reason).toBeNull();
    expect(JSON.parse(outcome.findings[0]?.message ?? '')).toEqual({
      files: [
        'answers/answers.rego',
        'capabilities.json',
        'data/0/a/b.yaml',
        'runtask-policies/policy/a.rego',
        'runtask/runtask.json',
        'schema.json',
      ],
      modes: ['0'],
      builtins: ['count'],
      allow_net: [],
      env: ['HOME', 'LANG', 'PATH'],
      home: true,
      plan: true,
    });
  });

  it.each([
    ['plan', 'utf16le', '\uFEFF'],
    ['hcp', 'utf16le', '\uFEFF'],
    ['hcp', 'utf8', '\uFEFF'],
    ['spacelift', 'utf8', ''],
  ] as const)('input: %s from a plan in %s is JSON in UTF-8', async (input, encoding, mark) => {
    const folder = await mkdtemp(join(tmpdir(), 'rego-plan-'));
    cleanups.push(() => rm(folder, { recursive: true, force: true }));
    const planPath = join(folder, 'plan.json');
    await writeFile(planPath, Buffer.from(`${mark}{"format_version": "1.2", "resource_changes": [], "x": "é\u{1F600}"}`, encoding));
    const body = `const input = JSON.parse(fs.readFileSync(args[args.indexOf('--input') + 1], 'utf8'));
      console.log(JSON.stringify({ result: [{ expressions: [{ value: [{ answers: [[JSON.stringify(input)]] }] }] }] }));`;
    const { outcome } = await on(anOpa(body), aSituation({ planPath, rego: { policy: 'policy', input }, run: { run_message: '"}' } }));
    const plan = { format_version: '1.2', resource_changes: [], x: 'é\u{1F600}' };
    const keys = { plan: plan, hcp: { plan }, spacelift: { terraform: plan } };
    expect(JSON.parse(outcome.findings[0]?.message ?? '')).toMatchObject(keys[input]);
  });

  it('more findings than are kept are counted', async () => {
    const many = Array.from({ length: 1500 }, (_, index) => `finding ${index}`);
    const { outcome } = await on(anOpa(ANSWER([[many]])));
    expect(outcome.findings).toHaveLength(1001);
    expect(outcome.findings.at(-1)).toMatchObject({ message: '500 more findings are not listed', standsFor: 500, level: 'error' });
  });

  it('a grave warning behind a thousand mild errors is not lost for `fail_on`', async () => {
    const files = { 'policy/a.rego': 'package main\ndeny contains "x"\nwarn contains "y"\n' };
    const mild = Array.from({ length: 1100 }, (_, index) => ({ msg: `mild ${index}`, severity: 'low' }));
    const body = ANSWER([[mild], [[{ msg: 'the database is public', severity: 'critical' }]]]);
    const { outcome } = await on(anOpa(body), aSituation({ files, check: { severity: 'low' } }));
    expect(outcome.findings).toHaveLength(1001);
    expect(outcome.findings.at(-1)).toMatchObject({ standsFor: 101, severity: 'critical' });
  });
});

describe('the checkout', () => {
  const opa = anOpa(ANSWER([[]]));
  it.each<[string, Situation['files'], Record<string, unknown>, string | RegExp]>([
    ['no such folder', {}, {}, 'policy does not exist in the checkout. The path is relative to the repository'],
    ['an empty one', { 'policy/readme.md': '' }, {}, 'policy holds no policies (.rego)'],
    ['a file of another kind', { 'a.json': '{}' }, { policy: 'a.json' }, 'a.json is no file of policies (.rego)'],
    ['no data', { ...files, 'lists/a.txt': '' }, { data: 'lists' }, 'lists holds no data (.json, .yaml, .yml)'],
    ['a link to a policy', { ...files, 'policy/b.rego': { link: '/etc/hosts' } }, {}, /^policy\/b\.rego is a symbolic link/],
    ['a link to a folder', { ...files, 'policy/more': { link: '/etc' } }, {}, /^policy\/more is a symbolic link/],
    [
      'a link on the way',
      { 'real/a.rego': 'package main', 'policy': { link: 'real' } },
      {},
      'policy leads through a symbolic link. Name the place itself',
    ],
    [
      'a link above',
      { policy: { link: '/etc' } },
      { policy: 'policy/ssl' },
      'policy/ssl leads through a symbolic link. Name the place itself',
    ],
    [
      'data through a link',
      { ...files, 'd/event.json': { link: '/proc/self/environ' } },
      { data: 'd' },
      /^d\/event\.json is a symbolic link/,
    ],
    [
      'another package',
      { 'policy/a.rego': 'package terraform\ndeny contains "x"' },
      {},
      /^No policy is in the package main\. Found: terraform\. Name them in `namespaces`/,
    ],
    [
      'no rule',
      { 'policy/a.rego': 'package main\nallow := true # deny' },
      {},
      /^The package main has no rule named deny, violation or warn/,
    ],
    [
      'no rule anywhere',
      { 'policy/a.rego': 'package main\nallow := "deny"' },
      { namespaces: 'all' },
      /^No package has a rule named deny, violation or warn/,
    ],
    ['only a function', { 'policy/a.rego': 'package main\ndeny(x) := x' }, {}, /^The package main has no rule/],
    ['no package', { 'policy/a.rego': 'deny := 1' }, {}, 'No policy is in the package main. No package was found at all'],
    [
      'a rule that is only mentioned',
      { 'policy/a.rego': 'package main\nimport data.lib\nx := [deny]' },
      {},
      'The package main names deny, violation or warn, but defines no such rule',
    ],
    [
      'our own package',
      { 'policy/a.rego': 'package runtask_answers\ndeny := 1' },
      {},
      'The package runtask_answers is ours. Give yours another name',
    ],
  ])('%s', async (name, given, over, expected) => {
    const reason = await reasonOf(
      name === 'a rule that is only mentioned' ? anOpa(ANSWER([[]])) : opa,
      aSituation({ files: given, rego: { policy: 'policy', ...over } }),
    );
    if (typeof expected === 'string') expect(reason).toBe(expected);
    else expect(reason).toMatch(expected);
  });
});
