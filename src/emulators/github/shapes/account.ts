// GitHub's JSON for accounts: `simple-user`. Pure.
import type { Account } from '../model.ts';
import { nodeId } from './text.ts';

export function toSimpleUser(url: string, account: Account): Record<string, unknown> {
  const api = `${url}/api/v3/users/${encodeURIComponent(account.login)}`;
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId('U', account.id),
    avatar_url: `${url}/avatars/u/${account.id}`,
    gravatar_id: '',
    url: api,
    html_url: `${url}/${encodeURIComponent(account.login)}`,
    followers_url: `${api}/followers`,
    following_url: `${api}/following{/other_user}`,
    gists_url: `${api}/gists{/gist_id}`,
    starred_url: `${api}/starred{/owner}{/repo}`,
    subscriptions_url: `${api}/subscriptions`,
    organizations_url: `${api}/orgs`,
    repos_url: `${api}/repos`,
    events_url: `${api}/events{/privacy}`,
    received_events_url: `${api}/received_events`,
    type: account.type,
    site_admin: false,
  };
}
