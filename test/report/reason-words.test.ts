import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { buildResource } from '../plan/build-plan.ts';
import { conditionKindWords, conditionStatusWords, deferredWords, orderWords, reasonWords } from '../../src/report/reason-words.ts';

/** Every keyword of Terraform 1.17-dev and OpenTofu 1.13-dev. */
const REASONS = [
  'replace_because_cannot_update',
  'replace_because_tainted',
  'replace_by_request',
  'replace_by_triggers',
  'delete_because_no_resource_config',
  'delete_because_wrong_repetition',
  'delete_because_count_index',
  'delete_because_each_key',
  'delete_because_enabled_false',
  'delete_because_no_module',
  'delete_because_no_move_target',
  'read_because_config_unknown',
  'read_because_dependency_pending',
  'read_because_check_nested',
  'forgot_because_lifecycle_destroy_in_state',
  'forgot_because_lifecycle_destroy_in_config',
];
const DEFERRED = [
  'instance_count_unknown',
  'resource_config_unknown',
  'provider_config_unknown',
  'absent_prereq',
  'deferred_prereq',
  'unknown',
];

describe('the words of keywords', () => {
  it.each(REASONS)('has words for %s', (keyword) => {
    expect(reasonWords(keyword)).toMatch(/ /);
  });

  it.each(DEFERRED)('has words for %s', (keyword) => {
    expect(deferredWords(keyword)).toMatch(/ /);
  });

  it('says what it does not know as it stands', () => {
    const keyword = fc.oneof(fc.constantFrom('constructor', '__proto__', 'toString'), fc.string({ minLength: 1 }));
    fc.assert(
      fc.property(keyword, (text) => {
        fc.pre(!REASONS.includes(text) && !DEFERRED.includes(text));
        expect([reasonWords(text), deferredWords(text)]).toEqual([text, text]);
      }),
    );
    expect([conditionKindWords('constructor'), conditionStatusWords('constructor')]).toEqual(['constructor', 'constructor']);
    expect([conditionKindWords(''), deferredWords(''), reasonWords(null)]).toEqual(['condition', 'Terraform gives no reason', null]);
  });

  it('says what comes first in a replacement', () => {
    const order = (change: object): string | null => orderWords(buildResource(change));
    expect(order({ actions: ['update'] })).toBeNull();
    expect(order({ actions: ['delete', 'create'], replaceOrder: 'delete-first' })).toBe('the old one is destroyed first');
    expect(order({ actions: ['create', 'delete'], replaceOrder: 'create-first' })).toBe('the new one is created first');
    expect(order({ actions: ['create', 'forget'] })).toBe('the old one is not destroyed, only forgotten');
  });
});
