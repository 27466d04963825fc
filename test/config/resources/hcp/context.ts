// What a resource is called with: the real client of the emulator, and what it warned of.
import type { ResourceContext } from '../../../../src/config/engine/resource.ts';
import type { Clients } from '../../../../src/config/resources/clients.ts';
import type { HcpManagement } from '../../../../src/hcp/management/index.ts';
import type { Scene } from '../../../hcp/management/arrange.ts';

export interface Told extends ResourceContext<Clients> {
  readonly warnings: string[];
}

/** @param hcp  a new client unless told: it has read nothing, as that of another command */
export function contextOf(scene: Scene, hcp: HcpManagement = scene.connect()): Told {
  const warnings: string[] = [];
  return {
    // None of these resources talks to GitHub.
    clients: { hcp, github: {} as Clients['github'] },
    signal: new AbortController().signal,
    clock: scene.clock,
    progress: () => undefined,
    warn: (summary) => void warnings.push(summary),
    warnings,
  };
}
