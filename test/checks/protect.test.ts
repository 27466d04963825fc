// The kind `protect`: what counts as a loss, what is protected, and that doubt protects.
import { describe, expect, it } from '@jest/globals';
import { findUnprotected } from '../../src/checks/protect.ts';
import { protectSchema } from '../../src/contracts/check-kinds.ts';
import type { ResourceChange } from '../../src/plan/model.ts';
import { aChange, aPlan } from './builders.ts';

const messages = (spec: object, ...changes: ResourceChange[]): string[] =>
  findUnprotected(protectSchema.parse(spec), aPlan(changes), undefined).map((finding) => finding.message);
const DB = { types: ['aws_db_*'] };

describe('protect', () => {
  it('names each deletion and replacement of a protected type, with address and action', () => {
    const plan = aPlan([
      aChange('aws_db_instance.a', 'delete'),
      aChange('aws_db_cluster.b[0]', 'replace'),
      aChange('aws_instance.c', 'delete'),
    ]);
    expect(findUnprotected(protectSchema.parse(DB), plan, undefined)).toEqual([
      { message: 'aws_db_instance.a would be destroyed', address: 'aws_db_instance.a', action: 'delete' },
      { message: 'aws_db_cluster.b[0] would be destroyed and created anew', address: 'aws_db_cluster.b[0]', action: 'replace' },
    ]);
  });

  it.each(['no-op', 'create', 'read', 'update', 'forget'])('lets %s be', (action) => {
    expect(messages(DB, aChange('aws_db_instance.a', action))).toEqual([]);
  });

  it('takes both orders of a replacement for one', () => {
    const change = aChange('aws_db_instance.a', 'replace', { actions: ['create', 'delete'] });
    expect(messages({ ...DB, actions: ['replace'] }, change)).toHaveLength(1);
    expect(messages({ ...DB, actions: ['delete'] }, change)).toEqual([]);
  });

  it('refuses forgetting on request, in a replacement that forgets too', () => {
    const spec = { ...DB, actions: ['forget'] };
    const both = aChange('aws_db_instance.b', 'create+forget', { actions: ['create', 'forget'] });
    expect(messages(spec, aChange('aws_db_instance.a', 'forget'), both)).toEqual([
      'aws_db_instance.a would no longer be managed by Terraform',
      'aws_db_instance.b would no longer be managed by Terraform',
    ]);
  });

  it.each([
    ['delete and something new', ['delete', 'frobnicate'], 'aws_db_instance.a would be destroyed'],
    [
      'something new alone',
      ['frobnicate'],
      'aws_db_instance.a is protected, and its action "frobnicate" is not known to this version: it may destroy it',
    ],
    [
      'no action at all on what will be gone',
      [],
      'aws_db_instance.a is protected, and its action "" is not known to this version: it may destroy it',
    ],
  ])('refuses %s', (_what, actions, expected) => {
    expect(messages(DB, aChange('aws_db_instance.a', actions.join('+'), { actions, after: null }))).toEqual([expected]);
  });

  it('lets be what has no action and stays', () => {
    expect(messages(DB, aChange('aws_db_instance.a', '', { actions: [] }))).toEqual([]);
  });

  it('refuses delete with something new even where only replacing is refused: it may be that', () => {
    const change = aChange('aws_db_instance.a', 'delete+frobnicate', { actions: ['delete', 'frobnicate'] });
    expect(messages({ ...DB, actions: ['replace'] }, change)).toHaveLength(1);
  });

  it('counts the deletion of a deposed object: what it holds goes', () => {
    expect(messages(DB, aChange('aws_db_instance.a', 'delete', { deposed: '8f1c' }))).toEqual([
      'The deposed object 8f1c of aws_db_instance.a would be destroyed',
    ]);
  });

  it.each([
    ['aws_db_instance.a', 'aws_db_instance.a'],
    ['aws_db_instance.a', 'aws_db_instance.a[0]'],
    ['aws_db_instance.a', 'aws_db_instance.a["x.y"]'],
    ['aws_db_instance.a["x*"]', 'aws_db_instance.a["x.y"]'],
    ['module.m.aws_db_instance.a', 'module.m["k"].aws_db_instance.a[1]'],
    ['module.m["k"].aws_db_instance.a', 'module.m["k"].aws_db_instance.a[1]'],
  ])('address %s covers %s', (pattern, address) => {
    expect(messages({ addresses: [pattern] }, aChange(address, 'delete'))).toHaveLength(1);
  });

  it.each([
    ['aws_db_instance.a', 'aws_db_instance.ab'],
    ['aws_db_instance.a[1]', 'aws_db_instance.a[0]'],
    ['aws_db_instance.a', 'module.m.aws_db_instance.a'],
  ])('address %s does not cover %s', (pattern, address) => {
    expect(messages({ addresses: [pattern] }, aChange(address, 'delete'))).toEqual([]);
  });

  it.each([
    ['module.data', 'module.data.aws_x.a', 1],
    ['module.data', 'module.data["eu.west"].aws_x.a', 1],
    ['module.data', 'module.data.module.inner[0].aws_x.a', 1],
    ['module.data["eu.west"]', 'module.data["eu.west"].module.inner.aws_x.a', 1],
    ['module.data["us"]', 'module.data["eu.west"].aws_x.a', 0],
    ['module.data', 'module.database.aws_x.a', 0],
    ['module.inner', 'module.data.module.inner.aws_x.a', 0],
    ['module.*', 'aws_x.a', 0],
    ['*', 'aws_x.a', 1],
  ])('module %s on %s: %d', (pattern, address, expected) => {
    expect(messages({ modules: [pattern] }, aChange(address, 'delete'))).toHaveLength(expected);
  });

  it('knows a moved object by its old address, type and module: moving it opens no way round', () => {
    const moved = aChange('aws_rds_new.b', 'replace', { previousAddress: 'module.data.aws_db_instance.a' });
    for (const spec of [DB, { addresses: ['module.data.aws_db_instance.a'] }, { modules: ['module.data'] }])
      expect(messages(spec, moved)).toHaveLength(1);
  });

  it('excepts exactly the addresses that are written', () => {
    const spec = { ...DB, except: ['aws_db_instance.scratch', 'aws_db_instance.tmp[*]'] };
    const changes = ['scratch', 'scratch[0]', 'tmp[0]'].map((name) => aChange(`aws_db_instance.${name}`, 'delete'));
    expect(messages(spec, ...changes)).toEqual(['aws_db_instance.scratch[0] would be destroyed']);
  });

  it('refuses the deletion of a database that the same plan moves to an excepted address', () => {
    const spec = { ...DB, except: ['module.sandbox.*'] };
    const moved = { previousAddress: 'aws_db_instance.prod' };
    expect(messages(spec, aChange('module.sandbox.aws_db_instance.prod', 'delete', moved))).toHaveLength(1);
    expect(
      messages(spec, aChange('module.sandbox.aws_db_instance.b', 'delete', { previousAddress: 'module.sandbox.aws_db_instance.a' })),
    ).toEqual([]);
  });

  it('explains what is protected, and that nothing is', () => {
    const told: string[] = [];
    const explain = (subject: string, saw: string): void => void told.push(`${subject}: ${saw}`);
    const changes = [aChange('aws_db_instance.a', 'delete'), aChange('aws_db_instance.b', 'update'), aChange('aws_instance.c', 'delete')];
    findUnprotected(protectSchema.parse(DB), aPlan(changes), 'mine', explain);
    findUnprotected(protectSchema.parse({ types: ['x'] }), aPlan(changes), undefined, explain);
    expect(told).toEqual([
      'aws_db_instance.a: aws_db_instance.a would be destroyed',
      'aws_db_instance.b: protected; update takes nothing away',
      'the plan: none of its 3 resources is protected: no type, address or module fits',
    ]);
  });

  it("says the author's message when there is one", () => {
    const [finding] = findUnprotected(protectSchema.parse(DB), aPlan([aChange('aws_db_instance.a', 'delete')]), 'Ask the data team');
    expect(finding?.message).toBe('Ask the data team');
  });
});
