// What becomes of a draft's place: a tool's own word, else the line of the resource's block; never one outside of the configuration.
import { describe, expect, it } from '@jest/globals';
import { checkSchema } from '../../src/contracts/checks-file.ts';
import type { FindingDraft } from '../../src/checks/kind.ts';
import { toFinding, type FindingFrame } from '../../src/checks/to-finding.ts';

const check = checkSchema.parse({ name: 'c', protect: { types: ['*'] } });
const frame: FindingFrame = {
  addresses: new Set(['a.b']),
  locate: (address, attribute) => (attribute === 'nowhere' ? null : { file: `${address}.tf`, line: attribute === 'acl' ? 7 : 3 }),
  clean: (text, limit) => text.replaceAll('secret', '***').slice(0, limit),
};
const placeOf = (draft: Partial<FindingDraft>): [string | null, number | null] => {
  const { file, line } = toFinding({ message: 'm', ...draft }, check, frame);
  return [file, line];
};

describe('the place of a finding', () => {
  it.each<[string, Partial<FindingDraft>, [string | null, number | null]]>([
    ['found by its address', { address: 'a.b' }, ['a.b.tf', 3]],
    ['and attribute', { address: 'a.b', attribute: 'acl' }, ['a.b.tf', 7]],
    ['not found', { address: 'a.b', attribute: 'nowhere' }, [null, null]],
    ['an address that is not in the plan', { address: 'x.y' }, [null, null]],
    ['no address', {}, [null, null]],
    ['a tool named it', { address: 'a.b', file: './modules//s3.tf', line: 14 }, ['modules/s3.tf', 14]],
    ['a tool named the file alone', { address: 'a.b', file: 's3.tf' }, ['s3.tf', null]],
    ['with backslashes', { file: 'modules\\s3.tf', line: 1 }, ['modules/s3.tf', 1]],
    ['outside of the configuration', { file: '../../etc/passwd', line: 1 }, [null, null]],
    ['outside, by a way round', { file: 'a/../../b', line: 1 }, [null, null]],
    ['absolute', { file: '/etc/passwd', line: 1 }, [null, null]],
    ['absolute on another system', { file: 'C:\\a.tf', line: 1 }, [null, null]],
    ['outside, but the address is known', { address: 'a.b', file: '/tmp/plan.json', line: 1 }, ['a.b.tf', 3]],
    ['a line that is none', { file: 's3.tf', line: 0 }, ['s3.tf', null]],
    ['half a line', { file: 's3.tf', line: 1.5 }, ['s3.tf', null]],
    ['a name with a secret in it', { file: 'secret.tf', line: 2 }, ['***.tf', 2]],
  ])('%s', (_what, draft, place) => expect(placeOf(draft)).toEqual(place));
});

it.each<[string, string | null]>([
  ['https://docs.example.com/x', 'https://docs.example.com/x'],
  ['http://wiki/x', 'http://wiki/x'],
  ['javascript:alert(1)', null],
  ['JavaScript:alert(1)', null],
  ['data:text/html,x', null],
  ['no address', null],
])('a link to %s', (url, told) => expect(toFinding({ message: 'm', url }, check, frame).url).toBe(told));
