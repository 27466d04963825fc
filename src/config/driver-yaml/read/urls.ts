// Which URLs and hosts the config file may name: https, or an emulator on this machine. Pure.
import { isLoopback } from '../../../hcp/hosts.ts';
import type { Words } from '../../../documents/yaml-words.ts';

/** @returns what is wrong; null also for what is no URL, which the schema tells */
export function checkPlainUrl(name: string, text: unknown, why: string): Words | null {
  if (typeof text !== 'string' || !URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    return {
      summary: `"${name}" must be a plain URL`,
      detail: 'Write it without user name, password, query and fragment: it is shown in plans',
    };
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    return { summary: `"${name}" must be https`, detail: `${why}. Plain http is for this machine only` };
  return null;
}

export interface Host {
  /** With a port where it is not the default. */
  readonly hostname: string;
  readonly url: string;
}

/** `app.terraform.io`, `tfe.example.com:8443`, and `http://127.0.0.1:8080` for an emulator. */
export function toHost(text: string): Host | Words {
  const summary = '"hostname" is not a host name';
  if (/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/i.test(text) && URL.canParse(`https://${text}`)) {
    const { host, origin } = new URL(`https://${text}`);
    return { hostname: host, url: origin };
  }
  if (/^https?:\/\//i.test(text) && URL.canParse(text)) {
    const url = new URL(text);
    const isBare = url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '' && url.password === '';
    if (url.protocol === 'http:' && isBare && isLoopback(url.hostname)) return { hostname: url.host, url: url.origin };
    if (url.protocol === 'https:' && isBare) return { summary, detail: 'Write the host alone, without https://' };
    if (isBare)
      return {
        summary: '"hostname" must be spoken to over https',
        detail: 'Write the host alone. http:// is for an emulator on this machine only',
      };
  }
  return { summary, detail: 'Write the host alone, with a port if it is not 443: app.terraform.io' };
}
