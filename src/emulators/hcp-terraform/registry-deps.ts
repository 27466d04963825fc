// What the rules of the registry need from the world. Types only.
import type { Ids } from './ids.ts';
import type { PostDeps } from './post.ts';
import type { HcpTerraformOptions } from './types.ts';

export interface RegistryDeps extends PostDeps {
  readonly ids: Ids;
  readonly origin: () => string;
  readonly verifyOnUpdate: NonNullable<HcpTerraformOptions['verifyOnUpdate']>;
  /** Does the API have task-configs, or are global settings the run task's own? */
  readonly taskConfigs: boolean;
}
