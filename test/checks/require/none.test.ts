// `none` of the kind `require`: shapes that must not be, in blocks, lists and texts that hold JSON.
import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../src/contracts/json.ts';
import type { Plan, ResourceChange } from '../../../src/plan/model.ts';
import { aChange, aPlan } from '../builders.ts';
import { runKind } from '../run-kind.ts';

const told = async (
  shape: object,
  after: Json,
  over: Partial<ResourceChange> = {},
  spec: object = {},
  plan: Partial<Plan> = {},
): Promise<readonly string[]> =>
  (await runKind('require', { none: [shape], ...spec }, aPlan([aChange('aws_x.a', 'create', { after, ...over })], plan))).told.map((line) =>
    line.replace(' aws_x.a:', ''),
  );

const SSH = { at: 'ingress', where: { 'from_port': { at_most: 22 }, 'to_port': { at_least: 22 }, 'cidrs[*]': '0.0.0.0/0' } };
const WORDS = 'from_port is at most 22, to_port is at least 22, cidrs[*] is "0.0.0.0/0"';
const block = (from: Json, to: Json, ...cidrs: Json[]): Json => ({ from_port: from, to_port: to, cidrs });

describe('a shape in blocks', () => {
  it.each<[string, Json, string[]]>([
    ['is refused', [block(0, 100, '10.0.0.0/8', '0.0.0.0/0')], [`error ingress[0] is refused: ${WORDS}`]],
    [
      'is refused in each block',
      [block(22, 22, '0.0.0.0/0'), block(80, 80, '0.0.0.0/0'), block(1, 99, '0.0.0.0/0')],
      [`error ingress[0] is refused: ${WORDS} (1 more like it)`],
    ],
    ['may not be spread over two blocks', [block(22, 22, '10.0.0.0/8'), block(80, 80, '0.0.0.0/0')], []],
    ['is not there without blocks', [], []],
    ['is not there when the attribute is not set', null, []],
    ['that is not set in part is not there', [block(null, null, '0.0.0.0/0')], []],
  ])('%s', async (_what, ingress, expected) => expect(await told(SSH, { ingress })).toEqual(expected));

  it('cannot be judged where a value does not fit, and that is no pass', async () => {
    expect(await told(SSH, { ingress: [block('20-30', 22, '0.0.0.0/0')] })).toEqual([
      `error ingress[0] cannot be judged: from_port is a string, not a number; refused is: ${WORDS}`,
    ]);
    expect(await told(SSH, { ingress: [block('20-30', 22, '10.0.0.0/8')] })).toEqual([]);
  });

  it('of an attribute that the type does not have is told: it may be misspelled', async () => {
    const said = `error ingress[*] cannot be judged: aws_x has no attribute "ingress" in this plan; refused is: ${WORDS}`;
    expect(await told(SSH, { ingres: [] })).toEqual([said]);
    expect(await told(SSH, { ingres: [] }, {}, { unless_missing: true })).toEqual([]);
    expect(await told({ where: { acl: 'public' } }, { acll: 'private' })).toEqual([
      'error it cannot be judged: aws_x has no attribute "acl" in this plan; refused is: acl is "public"',
    ]);
  });
});

describe('a shape of which a part is known only after apply', () => {
  it('is not judged by what was before, when nothing of it is known yet', async () =>
    expect(await told({ where: { acl: 'public' } }, null, { unknown: { acl: true } }, { unless_missing: true })).toEqual([
      'error it cannot be judged before apply: acl is known only after apply',
    ]));

  const open = { unknown: { ingress: [{ cidrs: [false, true] }] } };
  it('may be there: the policy says what that means', async () => {
    const said = `ingress[0] cannot be judged before apply: cidrs[1] is known only after apply`;
    const after = { ingress: [block(22, 22, '10.0.0.0/8', null)] };
    expect(await told(SSH, after, open)).toEqual([`error ${said}`]);
    expect(await told(SSH, after, open, { unknown: 'warn' })).toEqual([`warning ${said}`]);
    expect(await told(SSH, after, open, { unknown: 'pass' })).toEqual([]);
  });

  it('is not there when a known part rules it out, and is when the known parts are enough', async () => {
    expect(await told(SSH, { ingress: [block(80, 80, '10.0.0.0/8', null)] }, open)).toEqual([]);
    expect(await told(SSH, { ingress: [block(22, 22, '0.0.0.0/0', null)] }, open)).toEqual([`error ingress[0] is refused: ${WORDS}`]);
  });

  it('is told in one breath with the other shapes of its place', async () => {
    const none = [SSH, { at: 'ingress', where: { from_port: { at_most: 3389 }, to_port: { at_least: 3389 } } }];
    expect(await told(SSH, { ingress: [block(0, 65535, '0.0.0.0/0')] }, {}, { none })).toEqual([
      `error ingress[0] is refused: ${WORDS}; also: from_port is at most 3389, to_port is at least 3389`,
    ]);
  });

  it('is told once, however many shapes wait for it', async () => {
    const none = [SSH, { at: 'ingress', where: { 'from_port': { at_most: 3389 }, 'cidrs[*]': '0.0.0.0/0' } }];
    expect(await told(SSH, { ingress: [block(22, 22, null)] }, { unknown: { ingress: [{ cidrs: [true] }] } }, { none })).toEqual([
      'error ingress[0] cannot be judged before apply: cidrs[0] is known only after apply',
    ]);
  });

  it('cannot be judged as a whole either, unless nobody set it and the author lets that be', async () => {
    const resource = { address: 'aws_x.a', module: '', mode: 'managed', type: 'aws_x', name: 'a', provider: null };
    const configuration = (expressions: Json): Partial<Plan> => ({
      configuration: { providers: [], modules: [], resources: [{ ...resource, expressions }] },
    });
    const whole = { unknown: { ingress: true } };
    const unset = 'error ingress cannot be judged before apply: it is not set in the configuration and known only after apply';
    expect(await told(SSH, {}, whole, {}, configuration({}))).toEqual([`${unset}`]);
    expect(await told(SSH, {}, whole, { unless_missing: true }, configuration({}))).toEqual([]);
    expect(
      await told(SSH, {}, whole, { unless_missing: true }, configuration({ ingress: { references: ['aws_y.b.rules'] } })),
    ).toHaveLength(1);
    expect(await told(SSH, {}, whole, { unless_missing: true }, { configuration: null })).toHaveLength(1);
  });
});

describe('a shape in a text that holds JSON', () => {
  const IAM = { at: 'policy.Statement', where: { 'Effect': 'Allow', 'Action[*]': '*', 'Resource[*]': '*' } };
  const policy = (statement: Json): Json => ({ policy: JSON.stringify({ Version: '2012-10-17', Statement: statement }) });
  it.each<[string, Json, number]>([
    ['a list of statements', policy([{ Effect: 'Allow', Action: ['*'], Resource: ['*'] }]), 1],
    ['one statement alone', policy({ Effect: 'Allow', Action: '*', Resource: '*' }), 1],
    ['one among many actions', policy([{ Effect: 'Allow', Action: ['s3:Get', '*'], Resource: ['arn:x', '*'] }]), 1],
    ['a denial', policy([{ Effect: 'Deny', Action: '*', Resource: '*' }]), 0],
    ['some actions', policy([{ Effect: 'Allow', Action: 's3:*', Resource: '*' }]), 0],
    ['no resource', policy([{ Effect: 'Allow', Action: '*' }]), 0],
    ['an empty text', { policy: '' }, 0],
    ['no policy', { policy: null }, 0],
    ['no statement', { policy: '{}' }, 0],
    ['a statement that is none', policy(['*']), 1],
    ['a text that is no JSON', { policy: '{"Statement": ' }, 1],
  ])('%s', async (_what, after, count) => expect(await told(IAM, after)).toHaveLength(count));

  it('tells apart a principal that is a word and one that is an object', async () => {
    const byWord = { at: 'policy.Statement', where: { Principal: '*' } };
    const byObject = { at: 'policy.Statement', where: { 'Principal.AWS[*]': '*' } };
    const word = policy([{ Principal: '*' }]);
    const object = policy([{ Principal: { AWS: ['arn:x', '*'] } }]);
    expect([await told(byWord, word), await told(byObject, word)].map((said) => said.length)).toEqual([1, 0]);
    expect([await told(byWord, object), await told(byObject, object)].map((said) => said.length)).toEqual([0, 1]);
    // A list may hold the word: that is a slip of the rule's author.
    expect(await told(byWord, policy([{ Principal: ['*'] }]))).toHaveLength(1);
  });
});
