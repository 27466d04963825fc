// What `runtask emulate` tells of what it started. Types only.

/** Where everything is. The tokens open nothing but the emulators. */
export interface Addresses {
  readonly hcp: { readonly url: string; readonly host: string; readonly storeUrl: string; readonly adminToken: string };
  readonly github: { readonly url: string; readonly apiUrl: string; readonly issuer: string; readonly token: string };
  readonly relayUrl: string;
  readonly organization: string;
  readonly workspace: string;
  readonly repository: string;
  readonly pullRequest: number;
  readonly output: string;
}
