import { expect, it } from '@jest/globals';
import { wantsColour } from '../../src/cli/colour.ts';

it.each([
  ['a terminal', { isTTY: true }, {}, true],
  ['a terminal, and NO_COLOR is empty', { isTTY: true }, { NO_COLOR: '' }, true],
  ['a terminal, and NO_COLOR is set', { isTTY: true }, { NO_COLOR: '1' }, false],
  ['a file', {}, {}, false],
  ['a pipe', { isTTY: false }, {}, false],
])('%s', (_, out, env, expected) => expect(wantsColour(out, env)).toBe(expected));
