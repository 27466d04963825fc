// Plans are written by whoever can open a pull request: keys that mean something to JavaScript or to the CEL library change no verdict.
import { describe, expect, it } from '@jest/globals';
import type { ResourceChange } from '../../../src/plan/model.ts';
import { aChange, anOutput, aPlan } from '../builders.ts';
import { judge, messages, problems } from './judge.ts';

type Values = ResourceChange['after'];
const json = (text: string): Values => JSON.parse(text) as Values;
const holds = (assert: string, after: Values): boolean | string =>
  problems({ assert }, aChange('aws_x.a', 'update', { after }))[0] ??
  messages({ assert }, aChange('aws_x.a', 'update', { after })).length === 0;

describe('a map with the key "constructor"', () => {
  const after = json('{"tags": {"constructor": "x", "Owner": "me", "Null": null}, "list": [{"constructor": {"a": 1}}], "name": "n"}');

  it.each([
    ['after.tags.Owner == "me"', true],
    ['after.tags["constructor"] == "x"', true],
    ['has(after.tags.constructor) && has(after.tags.Owner) && !has(after.tags.Nope) && !has(after.tags.Null)', true],
    ['"Owner" in after.tags && !("Nope" in after.tags)', true],
    ['size(after.tags) == 3', true],
    ['after.tags.exists(k, k == "constructor") && after.tags.all(k, k != "Nope")', true],
    ['after.list[0].constructor.a == 1', true],
    ['after.list.all(i, i.constructor.a == 2)', false],
    ['rc.change.after.tags.Owner == "me"', true],
    ['plan.resource_changes[0].change.after.tags.Owner == "me"', true],
    ['after.tags == {"Owner": "me"}', false],
    ['type(after.tags) == map', true],
  ])('%s is %j', (assert, expected) => expect(holds(assert, after)).toBe(expected));

  it('hides nothing from a rule that asks carefully', () => {
    expect(holds('after.?tags.?Class.orValue("public") == "secret"', json('{"tags": {"constructor": "x", "Class": "secret"}}'))).toBe(true);
    expect(holds('after.?tags.?Class.orValue("public") != "secret"', json('{"tags": {"constructor": "x", "Class": "secret"}}'))).toBe(
      false,
    );
  });

  it('is read out of JSON texts, and of outputs', () => {
    expect(holds('jsonParse(after.p).constructor == "x"', { p: '{"constructor": "x"}' })).toBe(true);
    const outputs = [anOutput('constructor', 'update', { after: 1 })];
    expect(judge({ for: 'plan', assert: 'plan.output_changes["constructor"].after == 1' }, aPlan([], { outputs }))).toMatchObject({
      findings: [],
      problems: [],
    });
  });

  it('stays unknown where it is, and hidden where it is sensitive', () => {
    const change = aChange('aws_x.a', 'update', {
      after: json('{"tags": {"constructor": "hunter2", "b": "known"}}'),
      unknown: json('{"tags": {"constructor": false, "later": true}}'),
      afterSensitive: json('{"tags": {"constructor": true}}'),
    });
    expect(messages({ assert: 'after.tags.later == "x"' }, change)[0]).toContain('tags.later is known only after apply');
    const same = 'jsonParse("{\\"constructor\\": \\"hunter2\\", \\"b\\": \\"known\\", \\"later\\": \\"x\\"}")';
    expect(messages({ assert: `after.tags == ${same}` }, change)[0]).toContain('tags.later is known only after apply');
    expect(messages({ assert: 'after.tags.constructor == "x"', message: '${after.tags} ${after.tags.constructor}' }, change)).toEqual([
      '{"constructor":"(sensitive value)","b":"known","later":"(known after apply)"} (sensitive value)',
    ]);
  });

  it('cannot be written in an expression, where the library would drop it', () =>
    expect(holds('after.tags == {"constructor": "x"}', after)).toContain('A map that is written here cannot have the key "constructor"'));
});

describe('a map with the key "__proto__"', () => {
  it('is not equal to every map with one key', () => {
    const after = json('{"p": {"Condition": {"__proto__": {}}}}');
    expect(holds('after.p.Condition == {"StringEquals": {"a": "b"}}', after)).toContain('has the key "__proto__", which cannot be judged');
    expect(holds('{"StringEquals": {"a": "b"}} == after.p.Condition', after)).toContain('cannot be judged');
    expect(holds('jsonParse(after.t) == {"x": {}}', { t: '{"__proto__": {}}' })).toContain('cannot be judged');
  });

  it('a policy that says a thing twice is not judged by the second alone', () => {
    const policy = '{"Statement": [{"Effect": "Allow"}], "x": "{", "Statement": [{"Effect": "Deny"}]}';
    const assert = "jsonParse(after.policy).Statement.all(s, s.Effect == 'Deny')";
    expect(holds(assert, { policy })).toContain('has the same key twice');
    expect(holds(assert, { policy: policy.replace('Statement', 'Another') })).toBe(true);
  });

  it('brings nothing with it', () => {
    expect(holds('has(after.Owner)', json('{"__proto__": {"Owner": "me"}}'))).toBe(false);
    expect(holds('"Owner" in after', json('{"a": 1, "__proto__": {"Owner": "me"}}'))).toBe(false);
    expect(Object.hasOwn(Object.prototype, 'Owner')).toBe(false);
  });
});

it('a name from the prototype is not there', () => {
  for (const name of ['toString', 'hasOwnProperty', 'valueOf']) expect(holds(`"${name}" in after || has(after.${name})`, {})).toBe(false);
});
