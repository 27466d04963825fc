// Where a GitHub lives: its web pages and its OIDC issuer, from its API's address. github.com, GHE.com (data residency) and
// Enterprise Server each have a form of their own (GitHub, "OpenID Connect reference", read 2026-11-22). Pure.
import type { GithubConfig } from '../../contracts/relay-config.ts';
import type { ResolvedRelayConfig } from './resolved.ts';

export function deriveGithubUrls(github: GithubConfig): Omit<ResolvedRelayConfig['github'], 'identity'> {
  const { webUrl, issuer } = derive(new URL(github.api_url));
  const [first = issuer, ...rest] = github.oidc_issuers ?? [];
  return { apiUrl: github.api_url, webUrl: github.web_url ?? webUrl, oidcIssuers: [first, ...rest] };
}

function derive(api: URL): { webUrl: string; issuer: string } {
  if (api.host === 'api.github.com') return { webUrl: 'https://github.com', issuer: 'https://token.actions.githubusercontent.com' };
  const residency = /^api\.([a-z0-9-]+\.ghe\.com)$/.exec(api.host)?.[1];
  if (residency !== undefined) return { webUrl: `https://${residency}`, issuer: `https://token.actions.${residency}` };
  return { webUrl: api.origin, issuer: `${api.origin}/_services/token` };
}
