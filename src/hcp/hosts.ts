// Where an access token may be sent. All URLs of one request stand on one allowed host, https only (http to loopback, for
// emulators and tests). Pure: no I/O.
//
// Without this a forged or mistaken payload would make us send a token that reads the whole plan to somebody else's server.
import { err, ok, type Result } from '../base/result.ts';

export interface HostProblem {
  /** The request's field, e.g. `plan_json_api_url`. */
  readonly field: string;
  /** What is wrong, with the host and never the rest of the URL. */
  readonly problem: string;
}

/**
 * @param urls  the request's URLs by field name; null: not given
 * @param allowed  lower-case hosts, with a port where it is not the default
 */
export function checkRequestHosts(urls: Readonly<Record<string, string | null>>, allowed: readonly string[]): Result<void, HostProblem> {
  let first: string | null = null;
  for (const [field, text] of Object.entries(urls)) {
    if (text === null) continue;
    const problem =
      checkUrl(text, allowed) ?? (first !== null && hostOf(text) !== first ? `is on ${hostOf(text)}, the others on ${first}` : null);
    if (problem !== null) return err({ field, problem });
    first = hostOf(text);
  }
  return ok(undefined);
}

function checkUrl(text: string, allowed: readonly string[]): string | null {
  if (!URL.canParse(text)) return 'is not a URL';
  const url = new URL(text);
  const transport = checkTransport(url);
  if (transport !== null) return transport;
  if (!allowed.includes(url.host)) return `is on ${url.host}, which is not among the allowed hosts (${allowed.join(', ')})`;
  return null;
}

/** null when the URL may be spoken to at all: https, or http to loopback, and no credentials inside. */
export function checkTransport(url: URL): string | null {
  if (url.username !== '' || url.password !== '') return 'holds a user name or password';
  if (url.protocol === 'https:') return null;
  if (url.protocol === 'http:' && isLoopback(url.hostname)) return null;
  return `uses ${url.protocol.replace(':', '')}, and only https is allowed`;
}

export const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname);

const hostOf = (text: string): string => new URL(text).host;
