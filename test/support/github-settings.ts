// Our emulated GitHub with one repository, and GithubSettings on it, on a clock on which waiting costs nothing.
import { createGithubSettings, type Caller, type GithubSettings } from '../../src/github/settings/index.ts';
import type { Github, NewRepository, SeenRequest } from '../../src/emulators/github/index.ts';
import { createStage } from '../emulators/github/stage.ts';
import { createEagerClock } from './eager-clock.ts';

export interface SettingsStage {
  readonly github: Github;
  readonly slept: readonly number[];
  /** As a new command would have them: nothing is remembered. */
  settings(token?: string, send?: typeof fetch): GithubSettings;
  readonly caller: Caller & { readonly told: string[] };
  /** `GET /contents/x.yml 404` of all requests so far, without the repository; then forgotten. */
  calls(): string[];
  /** A token with these permissions only. */
  token(permissions: Readonly<Record<string, 'read' | 'write'>>): string;
  close(): Promise<void>;
}

export const REPOSITORY = 'acme/gate';

export async function startSettings(repository: Partial<NewRepository> = {}, runner: 'auto' | 'off' = 'off'): Promise<SettingsStage> {
  const clock = createEagerClock();
  const stage = await createStage({}, { clock, runner });
  stage.github.createRepository({ owner: 'acme', name: 'gate', ...repository });
  let read = 0;
  const told: string[] = [];
  return {
    github: stage.github,
    slept: clock.slept,
    settings: (token = stage.token, send = fetch) => createGithubSettings({ apiUrl: stage.github.apiUrl, token, fetch: send, clock }),
    caller: { signal: new AbortController().signal, progress: (text) => void told.push(text), told },
    calls() {
      const seen = stage.github.seen.slice(read);
      read = stage.github.seen.length;
      return seen.map(nameCall);
    },
    token: (permissions) => stage.github.createPersonalToken({ login: 'mona', permissions, repositories: 'all' }),
    close: () => stage.close(),
  };
}

const nameCall = ({ method, path, status }: SeenRequest): string => {
  const [plain = ''] = decodeURIComponent(path).split('?');
  return `${method} ${plain.replace(/^\/api\/v3\/repos\/[^/]+\/[^/]+/, '')} ${status}`.replace('  ', ' ');
};
