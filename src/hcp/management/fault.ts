// What goes wrong with the management API, in words that name object, permission, feature and remedy. Code decides by `code`.
//
// HCP answers 404 for what is not there, for a missing permission and for what the edition does not include, all three (HashiCorp, "API
// docs: response codes", read 2026-11): the text has to name all three.
import { Fault } from '../../base/fault.ts';

export type HcpFaultCode =
  /** 401: the token. */
  | 'E_HCP_TOKEN'
  /** 403 and 404: not there, not permitted, or not in the edition. */
  | 'E_HCP_MISSING'
  /** 422 and the other refusals of what was asked: see `errors`. */
  | 'E_HCP_INVALID'
  /** The edition does not include it, and HCP has not said so. */
  | 'E_HCP_NOT_ENTITLED'
  /** 429 again and again. */
  | 'E_HCP_RATE_LIMIT'
  /** No connection, or 5xx again and again. Nothing was changed. */
  | 'E_HCP_UNREACHABLE'
  /** An answer that is none of the API's: a proxy's page, a redirect. */
  | 'E_HCP_ANSWER'
  /** A write whose answer was lost: it may have happened. Look. */
  | 'E_HCP_IN_DOUBT';

/** One of JSON:API's errors. */
export interface HcpError {
  /** `Name has already been taken`; cut, without our secrets. */
  readonly text: string;
  /** The attribute that it is about, as the wire spells it: `url`, `hmac-key`. null: not said. */
  readonly attribute: string | null;
}

export class HcpFault extends Fault {
  declare readonly code: HcpFaultCode;
  /** One line, no full stop: what is wrong. */
  readonly summary: string;
  /** Why, and what to do. Empty when the summary says it all. */
  readonly detail: string;
  readonly errors: readonly HcpError[];

  constructor(
    code: HcpFaultCode,
    summary: string,
    detail: string,
    options: {
      readonly status?: number;
      readonly errors?: readonly HcpError[];
      readonly retryable?: boolean;
      readonly cause?: unknown;
    } = {},
  ) {
    const { status, cause } = options;
    super(code, detail === '' ? summary : `${summary}. ${detail}`, {
      retryable: options.retryable ?? false,
      ...(status === undefined ? {} : { status }),
      ...(cause === undefined ? {} : { cause }),
    });
    this.name = 'HcpFault';
    this.summary = summary;
    this.detail = detail;
    this.errors = options.errors ?? [];
  }
}

/** By shape too: an error may come from another realm. */
export const isHcpFault = (thrown: unknown, ...codes: readonly HcpFaultCode[]): thrown is HcpFault =>
  thrown instanceof HcpFault && (codes.length === 0 || codes.includes(thrown.code));

/** What a request is about, for whoever reads that it failed. */
export interface Subject {
  /** `the run tasks of the organization acme` */
  readonly what: string;
  /** As HCP's pages call it: `Manage Run Tasks`. */
  readonly permission: string;
  /** What it is needed for: `to find the run task by its name`. */
  readonly purpose: string;
  /** Where not every edition has it. */
  readonly feature?: string;
}

export const refusedToken = (host: string): HcpFault =>
  new HcpFault('E_HCP_TOKEN', `${host} does not accept the token`, 'It is wrong, expired or revoked, or belongs to another host', {
    status: 401,
  });

export function missing(subject: Subject, host: string, status: number): HcpFault {
  const feature = subject.feature === undefined ? '' : `; (3) does the organization's edition include ${subject.feature}?`;
  return new HcpFault(
    'E_HCP_MISSING',
    `${host} does not show this token ${subject.what}`,
    `The answer ${status} has several reasons: (1) is the name right? (2) has the team of the token the permission ` +
      `"${subject.permission}"? It is needed ${subject.purpose}${feature}`,
    { status },
  );
}

export const invalid = (subject: Subject, host: string, status: number, errors: readonly HcpError[]): HcpFault =>
  new HcpFault(
    'E_HCP_INVALID',
    `${host} refused ${subject.what} (${status})`,
    errors.map(({ text }) => text).join('; ') || 'It gave no reason',
    { status, errors },
  );
