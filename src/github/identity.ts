// Who the relay is on GitHub: an App, which gets a token for each purpose down-scoped to one repository, or a personal token.
import { createPrivateKey } from 'node:crypto';
import { SignJWT } from 'jose';
import { ok, type Result } from '../base/result.ts';
import { createClient, type GithubDeps } from './client.ts';
import { attempt, type GithubRefusal } from './refusal.ts';

/** What a token is for; each purpose gets no more permissions than it needs. */
const PERMISSIONS = {
  lookup: { metadata: 'read' },
  dispatch: { contents: 'write' },
  runs: { actions: 'read' },
  feedback: { pull_requests: 'write', statuses: 'write' },
} as const;
export type Purpose = keyof typeof PERMISSIONS;

/** What a purpose can use and does without: check runs (input `annotations: check-run`) where the App may write them. */
const WISHES: Readonly<Partial<Record<Purpose, Readonly<Record<string, 'write'>>>>> = { feedback: { checks: 'write' } };

export interface RepositoryName {
  readonly owner: string;
  readonly name: string;
}

export interface GithubIdentity {
  readonly kind: 'app' | 'token';
  readonly apiUrl: string;
  /** For the log: "GitHub App 12345". */
  readonly description: string;
  /** Repositories with the same key share GitHub's rate limit. */
  limitKey(repository: RepositoryName): string;
  /**
   * A token for one purpose in one repository. With `id` it is bound to the repository itself, not to its name.
   * An App's tokens are kept until five minutes before their end.
   */
  token(purpose: Purpose, repository: RepositoryName & { readonly id?: number }, deps: GithubDeps): Promise<Result<string, GithubRefusal>>;
  /** After a 401: the next `token` asks GitHub again. */
  forget(): void;
}

export function createTokenIdentity(apiUrl: string, token: string): GithubIdentity {
  return {
    kind: 'token',
    apiUrl,
    description: 'a personal access token',
    limitKey: () => 'token',
    token: () => Promise.resolve(ok(token)),
    forget: () => {},
  };
}

/** Installation tokens live one hour (GitHub, "Generating an installation access token", read 2026-11-22). */
const TOKEN_KEPT_MS = 55 * 60_000;

export function createAppIdentity(apiUrl: string, appId: string, privateKeyPem: string): GithubIdentity {
  // GitHub hands out PKCS#1, which WebCrypto does not read; Node's own parser takes both forms.
  const key = createPrivateKey(privateKeyPem);
  const tokens = new Map<string, { token: string; until: number }>();
  const installations = new Map<string, number>();

  async function installationOf({ owner, name }: RepositoryName, deps: GithubDeps): Promise<Result<number, GithubRefusal>> {
    const known = installations.get(owner.toLowerCase());
    if (known !== undefined) return ok(known);
    const found = await attempt(async () => {
      const app = createClient(apiUrl, await signAppJwt(appId, key, deps.now()), deps);
      return (await app.rest.apps.getRepoInstallation({ owner, repo: name })).data.id;
    }, deps.now);
    if (found.ok) installations.set(owner.toLowerCase(), found.value);
    return found;
  }

  async function createToken(
    purpose: Purpose,
    repository: RepositoryName & { readonly id?: number },
    deps: GithubDeps,
  ): Promise<Result<string, GithubRefusal>> {
    const installation = await installationOf(repository, deps);
    if (!installation.ok) return installation;
    const create = (permissions: Readonly<Record<string, string>>): Promise<Result<string, GithubRefusal>> =>
      attempt(async () => {
        const app = createClient(apiUrl, await signAppJwt(appId, key, deps.now()), deps);
        const { data } = await app.rest.apps.createInstallationAccessToken({
          installation_id: installation.value,
          ...(repository.id === undefined ? { repositories: [repository.name] } : { repository_ids: [repository.id] }),
          permissions,
        });
        return data.token;
      }, deps.now);
    const wishes = WISHES[purpose];
    if (wishes === undefined) return create(PERMISSIONS[purpose]);
    const made = await create({ ...PERMISSIONS[purpose], ...wishes });
    // 422: the App was not given a permission that is asked for. It does not say which.
    return !made.ok && made.error.reason === 'invalid' ? create(PERMISSIONS[purpose]) : made;
  }

  return {
    kind: 'app',
    apiUrl,
    description: `GitHub App ${appId}`,
    // An App has one installation, hence one rate limit, for each account.
    limitKey: ({ owner }) => `app/${owner.toLowerCase()}`,
    forget: () => {
      tokens.clear();
      installations.clear();
    },
    async token(purpose, repository, deps) {
      const place = `${purpose} ${repository.id ?? `${repository.owner}/${repository.name}`.toLowerCase()}`;
      const kept = tokens.get(place);
      if (kept !== undefined && kept.until > deps.now()) return ok(kept.token);
      let made = await createToken(purpose, repository, deps);
      // Installed anew, the App has another installation id.
      if (!made.ok && made.error.reason === 'not-found' && installations.delete(repository.owner.toLowerCase()))
        made = await createToken(purpose, repository, deps);
      if (made.ok) {
        for (const [old, { until }] of tokens) if (until <= deps.now()) tokens.delete(old);
        tokens.set(place, { token: made.value, until: deps.now() + TOKEN_KEPT_MS });
      }
      return made;
    },
  };
}

/** Ten minutes at most, and begun a minute ago, because GitHub's clock and ours differ (GitHub, "Generating a JWT for an App"). */
async function signAppJwt(appId: string, key: ReturnType<typeof createPrivateKey>, now: number): Promise<string> {
  const seconds = Math.floor(now / 1000);
  return new SignJWT({})
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuer(appId)
    .setIssuedAt(seconds - 60)
    .setExpirationTime(seconds + 8 * 60)
    .sign(key);
}
