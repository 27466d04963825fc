// What a relay runs on: relay.yml with its secrets read and its defaults filled in. Types only; reading is in read-relay-config.ts.
import type { RelayConfig, RouteConfig, TaskConfig } from '../../contracts/relay-config.ts';

export interface ResolvedTask extends Omit<TaskConfig, 'hmac_keys' | 'seal_public_key'> {
  readonly name: string;
  /** Good keys, several while rotating; at least one. Secret. */
  readonly hmacKeys: readonly string[];
  /** A JWK as text; null unless `transport: sealed`. */
  readonly sealPublicKey: string | null;
}

export type ResolvedIdentity =
  { readonly kind: 'app'; readonly appId: string; readonly privateKeyPem: string } | { readonly kind: 'token'; readonly token: string };

export interface ResolvedRelayConfig {
  readonly publicUrl: string;
  readonly listen: RelayConfig['listen'];
  /** Null: nobody can ask for metrics. */
  readonly admin: RelayConfig['listen'] | null;
  /** A folder, as it is written; relative to where relay.yml lies. */
  readonly store: string;
  /** 32 bytes. Secret. */
  readonly encryptionKey: Uint8Array;
  /** A private JWK as text; null unless a task is `sealed`. Secret. */
  readonly signingKey: string | null;
  readonly github: {
    readonly identity: ResolvedIdentity;
    readonly apiUrl: string;
    readonly webUrl: string;
    /** The first is the one that dispatched tasks are bound to. */
    readonly oidcIssuers: readonly [string, ...string[]];
  };
  readonly tasks: Readonly<Record<string, ResolvedTask>>;
}

export type { RouteConfig };
