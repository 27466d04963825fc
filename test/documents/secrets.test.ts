// The secrets that a file names: read from a variable or a file, told by their place.
import { describe, expect, it } from '@jest/globals';
import { formatDiagnostic } from '../../src/base/diagnostics.ts';
import { readYaml } from '../../src/documents/read-yaml.ts';
import { createSecretReader } from '../../src/documents/secrets.ts';

const TOKEN = 'ghp_16C7e42F292c6912E7710c838347Ae178B4a';

function readKey(text: string): { secret: string | null; told: string[] } {
  const yaml = readYaml(`key: ${text}`, { file: 'f.yml', called: 'The file', mayQuote: false });
  if (!yaml.ok) throw new Error('not YAML');
  const source = {
    env: { GOOD: 'a secret', EMPTY: '', LINES: 'a\nb\r\n\n' },
    readFile(path: string): string {
      if (path === '/run/secrets/good') return 'from a file\n';
      throw new Error(`ENOENT: no such file or directory, open '${path}'`);
    },
  };
  const reader = createSecretReader(yaml.value, source, 'here');
  const secret = reader.read(['key'], (one) => (one === 'a\nb' ? 'It has two lines' : null));
  return { secret, told: reader.diagnostics.map(formatDiagnostic) };
}

describe('createSecretReader', () => {
  it.each([
    ['{ env: GOOD }', 'a secret', []],
    ['{ file: /run/secrets/good }', 'from a file', []],
    ['{ env: OTHER }', null, ['f.yml:1:6: The environment variable OTHER is not set (key). Set it here']],
    ['{ env: constructor }', null, ['f.yml:1:6: The environment variable constructor is not set (key). Set it here']],
    ['{ env: EMPTY }', null, ['f.yml:1:6: The secret in the environment variable EMPTY is empty (key). Put the secret there']],
    ['{ env: LINES }', null, ['f.yml:1:6: The secret in the environment variable LINES cannot be used (key). It has two lines']],
    [
      '{ file: /run/secrets/other }',
      null,
      ["f.yml:1:6: The secret file /run/secrets/other cannot be read (key). ENOENT: no such file or directory, open '/run/secrets/other'"],
    ],
    [`{ env: ${TOKEN} }`, null, ['f.yml:1:6: The environment variable that is named here is not set (key). Set it here']],
    [`{ file: ${TOKEN} }`, null, ['f.yml:1:6: The secret file cannot be read (key)']],
    // The schema tells what has not the form.
    ['a text', null, []],
    ['[{ env: GOOD }]', null, []],
    ['{ env: GOOD, file: /run/secrets/good }', null, []],
    ['{ env: "" }', null, []],
    ['{ env: 5 }', null, []],
    ['{}', null, []],
  ])('%s', (text, secret, told) => expect(readKey(text)).toEqual({ secret, told }));
});
