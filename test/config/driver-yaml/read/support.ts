// A reader with an environment, and workspaces to expand in.
import { formatDiagnostic, type Diagnostic } from '../../../../src/base/diagnostics.ts';
import type { Result } from '../../../../src/base/result.ts';
import type { LoadedConfig } from '../../../../src/config/driver-yaml/loaded-config.ts';
import { readConfig } from '../../../../src/config/driver-yaml/read/read-config.ts';
import { RESOURCES } from '../../../../src/config/resources/index.ts';
import type { WorkspaceFacts } from '../../../../src/hcp/management/index.ts';

export const ENV = {
  TFE_TOKEN: 'a1b2c3.atlasv1.and-so-on',
  GITHUB_TOKEN: 'ghs_and-so-on-and-on',
  RUNTASK_HMAC_KEY: 'a-key-of-enough-characters',
  SHORT: 'short',
  EMPTY: '\n',
  BROKEN: 'a token\nin two lines',
} as const;
export const FILES: Readonly<Record<string, string>> = {
  '/run/secrets/hmac': 'another-key-of-enough-characters\n',
  '/run/secrets/empty': '',
};

export const read = (text: string): Result<LoadedConfig, Diagnostic[]> =>
  readConfig(text, { file: 'config.yml', env: ENV, readFile }, RESOURCES);

function readFile(path: string): string {
  const found = FILES[path];
  if (found === undefined) throw new Error(`ENOENT: no such file or directory, open '${path}'`);
  return found;
}

export const told = (result: Result<unknown, readonly Diagnostic[]>): string[] => (result.ok ? [] : result.error.map(formatDiagnostic));

export function load(text: string): LoadedConfig {
  const result = read(text);
  if (!result.ok) throw new Error(told(result).join('\n'));
  return result.value;
}

export const workspace = (name: string, more: Partial<Omit<WorkspaceFacts, 'project'>> & { project?: string } = {}): WorkspaceFacts => ({
  id: `ws-${name}`,
  name,
  tags: [],
  tagBindings: {},
  ...more,
  project: more.project === undefined ? null : { id: `prj-${more.project}`, name: more.project },
});
