// What reading `.runtask/config.yml` gives: where to talk to, with what, and the objects that it declares.
import type { Diagnostic } from '../../base/diagnostics.ts';
import type { DocumentPath } from '../../documents/path.ts';
import type { Problem } from '../engine/problem.ts';
import type { WorkspaceFacts } from '../../hcp/management/index.ts';
import type { Expanded } from './item.ts';

export interface Settings {
  readonly hcp: {
    /** `app.terraform.io`; with a port where it is not the default. */
    readonly hostname: string;
    /** https, or http for a loopback host: `https://app.terraform.io`. */
    readonly url: string;
    readonly organization: string;
    readonly token: string;
  };
  /** null: the file declares nothing on GitHub. */
  readonly github: { readonly apiUrl: string; readonly token: string } | null;
}

export interface LoadedConfig {
  /** As it was named: `.runtask/config.yml`. */
  readonly file: string;
  readonly settings: Settings;
  /** Everything that must never be shown: tokens, HMAC keys, values of repository secrets. */
  readonly secrets: readonly string[];
  /** Does the file attach anything? Otherwise nobody has to be able to list the workspaces. */
  readonly needsWorkspaces: boolean;
  /** @param workspaces  all of the organization */
  expand(workspaces: readonly WorkspaceFacts[]): Expanded;
  /** A problem at a place of the file. */
  tell(place: DocumentPath, problem: Pick<Problem, 'severity' | 'summary' | 'detail'>): Diagnostic;
}
