// HCP Terraform's management API, as far as a run task's set-up needs it: run tasks, their attachments, global settings, workspaces,
// projects, agent pools, entitlements. One instance lives as long as one command: what it has read it does not read again.
import type { Clock } from '../../base/clock.ts';
import { createRedactor } from '../../base/redact.ts';
import { checkTransport } from '../hosts.ts';
import { askRelay, type RelayAnswer } from '../registration-test.ts';
import { createAttachments, type Attachments } from './attachments.ts';
import { HcpFault } from './fault.ts';
import { createGlobalSettings, type GlobalSettingsOfTasks } from './global-settings.ts';
import { createMemory } from './memory.ts';
import { createOrganizationFacts, type OrganizationFacts, type Progress } from './organization.ts';
import { createPace } from './pace.ts';
import { createLister } from './pages.ts';
import { createRunTasks, type RunTasks } from './run-tasks.ts';
import { createTransport } from './transport.ts';

export type * from './types.ts';
export { HcpFault, isHcpFault, type HcpError, type HcpFaultCode } from './fault.ts';
export type { RelayAnswer } from '../registration-test.ts';

export interface HcpManagement extends RunTasks, Attachments, GlobalSettingsOfTasks, OrganizationFacts {
  /** `app.terraform.io` */
  readonly host: string;
  /** Does what HCP does before it takes a run task: posts a signed test to the relay. Nothing of HCP's is asked, nothing remembered. */
  askRelay(url: string, hmacKey: string): Promise<RelayAnswer>;
  /** What was read may be the past (somebody has thought about a plan for an hour): everything is read anew. */
  forget(): void;
}

export interface HcpManagementOptions {
  /** `https://app.terraform.io`, or a Terraform Enterprise's; http for a loopback host only. */
  readonly url: string;
  /** Of a user, a team or the organization. Goes to this host only. */
  readonly token: string;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  /** Ends waiting and reading; a write under way is finished. */
  readonly signal?: AbortSignal;
  readonly pace?: { readonly perSecond?: number; readonly concurrent?: number };
  /** HCP asked to wait so long. */
  readonly onWait?: (waitMs: number) => void;
  /** A page of something long has come. */
  readonly onRead?: Progress;
}

/** HCP allows 30 a second for each user (HashiCorp, "API docs: rate limiting", read 2026-11): room is left for the user's own clicks. */
const PACE = { perSecond: 25, concurrent: 10 };

/** @throws {HcpFault} when the URL may not be spoken to, or the token cannot stand in a header */
export function createHcpManagement(options: HcpManagementOptions): HcpManagement {
  const { token, fetch, clock } = options;
  if (!URL.canParse(options.url))
    throw new HcpFault(
      'E_HCP_UNREACHABLE',
      'The address of HCP Terraform is not a URL',
      'Write https://app.terraform.io, or that of a Terraform Enterprise',
    );
  const { origin, host } = new URL(options.url);
  const problem = checkTransport(new URL(options.url));
  if (problem !== null) throw new HcpFault('E_HCP_UNREACHABLE', `The address of HCP Terraform ${problem}`, `Found: ${host}`);
  // fetch quotes a header that it does not take, and so would show the token.
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new HcpFault(
      'E_HCP_TOKEN',
      `The token for ${host} is no token`,
      'It is empty, or holds a space, a line break or another character that no token has',
    );

  const signal = options.signal ?? new AbortController().signal;
  const redactor = createRedactor();
  redactor.add(token);
  const pace = createPace({ clock, signal, ...PACE, ...options.pace });
  const onWait = options.onWait ?? (() => undefined);
  const transport = createTransport({ origin, token, fetch, clock, signal, pace, redactor, onWait });
  const memory = createMemory();
  const parts = { transport, list: createLister(transport), memory, keepSecret: (value: string) => redactor.add(value) };
  return {
    host,
    ...createRunTasks(parts),
    ...createAttachments(parts),
    ...createGlobalSettings(parts),
    ...createOrganizationFacts(parts, options.onRead ?? (() => undefined)),
    askRelay: (url, hmacKey) => askRelay({ url, hmacKey }, { fetch, clock, signal }),
    forget: () => memory.forget(),
  };
}
