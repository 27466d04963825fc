// `tags` of the kind `require`: where each cloud keeps them, and which tags will be there with the provider's defaults.
import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../src/contracts/json.ts';
import type { Plan, ResourceChange } from '../../../src/plan/model.ts';
import { aChange, aPlan } from '../builders.ts';
import { runKind } from '../run-kind.ts';

const told = async (
  tags: unknown,
  address: string,
  after: Json,
  over: Partial<ResourceChange> = {},
  plan: Partial<Plan> = {},
): Promise<readonly string[]> =>
  (await runKind('require', { tags }, aPlan([aChange(address, 'create', { after, ...over })], plan))).told.map((line) =>
    line.replace(` ${address}:`, ''),
  );

/** The configuration of `aws_x.a`, with default_tags of its provider. */
const configured = (expressions: Json, defaults: Json = { constant_value: {} }): Partial<Plan> => ({
  configuration: {
    modules: [],
    providers: [
      {
        key: 'aws',
        name: 'aws',
        fullName: null,
        alias: null,
        version: null,
        module: '',
        expressions: { default_tags: [{ tags: defaults }] },
      },
    ],
    resources: [{ address: 'aws_x.a', module: '', mode: 'managed', type: 'aws_x', name: 'a', provider: 'aws', expressions }],
  },
});

describe('tags', () => {
  it.each<[string, string, Json, string[]]>([
    ['all there', 'aws_x.a', { tags: { Owner: 'me', Team: 'x' }, tags_all: { Owner: 'me', Team: 'x' } }, []],
    ['one from default_tags', 'aws_x.a', { tags: { Owner: 'me' }, tags_all: { Owner: 'me', Team: 'x' } }, []],
    ['one missing', 'aws_x.a', { tags: { Owner: 'me' }, tags_all: { Owner: 'me' } }, ['error tags: Team is missing']],
    [
      'one empty, one null',
      'aws_x.a',
      { tags: { Owner: '', Team: null } },
      ['error tags: Team is missing', 'error tags: Owner is "", must be set'],
    ],
    ['no tags at all', 'aws_x.a', { tags: null }, ['error tags: Owner and Team are missing']],
    ['a type without tags', 'aws_x.a', { name: 'x' }, []],
    [
      'labels of Google, whose tags are something else',
      'google_compute_instance.a',
      { tags: ['web'], labels: { Owner: 'me' }, effective_labels: { Owner: 'me', Team: 'x' } },
      [],
    ],
    ['no labels', 'google_compute_instance.a', { tags: ['web'], labels: null }, ['error labels: Owner and Team are missing']],
    ['Kubernetes', 'kubernetes_namespace.a', { metadata: [{ labels: { Owner: 'me' } }] }, ['error labels: Team is missing']],
    ['lists of words that are called tags', 'datadog_monitor.a', { tags: ['Owner:me'] }, []],
    ['labels of others', 'hcloud_server.a', { labels: {} }, ['error labels: Owner and Team are missing']],
  ])('%s', async (_what, address, after, expected) => expect(await told(['Owner', 'Team'], address, after)).toEqual(expected));

  it('have values', async () => {
    const rule = { Owner: { matches: '@acme\\.com$' }, Env: ['prod', 'test'], Port: 22 };
    expect(await told(rule, 'aws_x.a', { tags: { Owner: 'me', Env: 'dev', Port: '22' } })).toEqual([
      'error tags: Owner is "me", must match "@acme\\\\.com$"',
      'error tags: Env is "dev", must be one of "prod", "test"',
    ]);
    expect(await told(rule, 'aws_x.a', { tags: {} })).toEqual(['error tags: Owner, Env and Port are missing']);
  });

  it('that wait for another resource are there, and have no value yet', async () => {
    const over = { unknown: { tags: { Owner: true }, tags_all: true } };
    const plan = configured({ tags: { references: ['aws_y.b.id'] } });
    expect(await told(['Owner'], 'aws_x.a', { tags: {} }, over, plan)).toEqual([]);
    expect(await told({ Owner: 'me' }, 'aws_x.a', { tags: {} }, over, plan)).toEqual([
      'error tags: Owner is known only after apply, must be "me"',
    ]);
  });

  it('that may come with default_tags are looked up there, because one unknown tag makes all of tags_all unknown', async () => {
    const over = { unknown: { tags: { Name: true }, tags_all: true } };
    const expressions = { tags: { references: ['aws_y.b.id'] } };
    expect(await told(['Team'], 'aws_x.a', { tags: {} }, over, configured(expressions, { constant_value: { Team: 'x' } }))).toEqual([]);
    expect(await told({ Team: 'y' }, 'aws_x.a', { tags: {} }, over, configured(expressions, { constant_value: { Team: 'x' } }))).toEqual([
      'error tags: Team is "x", must be "y"',
    ]);
    expect(await told(['Team'], 'aws_x.a', { tags: {} }, over, configured(expressions))).toEqual(['error tags: Team is missing']);
    expect(await told(['Team'], 'aws_x.a', { tags: null }, { unknown: { tags_all: true } }, configured({}))).toEqual([
      'error tags: Team is missing',
    ]);
    const open = configured(expressions, { references: ['local.tags'] });
    expect(await told(['Team'], 'aws_x.a', { tags: {} }, over, open)).toEqual(['error tags: Team is known only after apply, must be set']);
    expect(await told(['Team'], 'aws_x.a', { tags: {} }, over)).toHaveLength(1);
  });

  it('come with no defaults where the provider has none, and may still be in tags_all', async () => {
    const { configuration } = configured({});
    const plan: Partial<Plan> = {
      configuration: {
        modules: [],
        resources: configuration?.resources ?? [],
        providers: (configuration?.providers ?? []).map((one) => ({ ...one, expressions: {} })),
      },
    };
    expect(await told(['Team'], 'aws_x.a', { tags: null }, { unknown: { tags_all: true } }, plan)).toEqual(['error tags: Team is missing']);
    expect(await told(['Team'], 'aws_x.a', { tags: null, tags_all: {} }, { unknown: { tags_all: { Team: true } } }, plan)).toEqual([
      'error tags: Team is not set in the configuration and known only after apply, must be set',
    ]);
  });

  it('that are sensitive are judged and not quoted', async () => {
    expect(
      await told({ Owner: 'me' }, 'aws_x.a', { tags: { Owner: 'someone-secret' } }, { afterSensitive: { tags: { Owner: true } } }),
    ).toEqual(['error tags: Owner is (sensitive value), must be "me"']);
  });
});
