// HCP Terraform's management API, as far as a run task's set-up needs it: run tasks, their attachments, global settings, workspaces,
// projects, agent pools, entitlements. One instance lives as long as one command: what it has read it does not read again.

export interface WorkspaceFacts {
  readonly id: string;
  readonly name: string;
  readonly project: { readonly id: string; readonly name: string | null } | null;
  /** Flat tags and the keys of key-value tags: `prod`, `env`. */
  readonly tags: readonly string[];
  /** Key-value tags: `{ env: 'prod' }`. */
  readonly tagBindings: Readonly<Record<string, string>>;
}

 
export interface HcpManagement {}
