// The APIs that resources talk to, and the two functions that definitions are written with. A driver makes the clients.
import { dataSourceFor, resourceFor } from '../engine/resource.ts';
import type { HcpManagement } from '../../hcp/management/index.ts';
import type { GithubSettings } from '../../github/settings/index.ts';

export interface Clients {
  readonly hcp: HcpManagement;
  readonly github: GithubSettings;
}

export const resource = resourceFor<Clients>();
export const dataSource = dataSourceFor<Clients>();
