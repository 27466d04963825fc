import { describe, expect, it } from '@jest/globals';
import { checkRequestHosts } from '../../src/hcp/hosts.ts';

const hcp = ['app.terraform.io', 'tfe.example.com:8443'];

describe('checkRequestHosts', () => {
  it.each([
    [{ callback: 'https://app.terraform.io/a', plan: 'https://app.terraform.io/b', configuration: null }],
    [{ callback: 'https://tfe.example.com:8443/a' }],
    [{ callback: 'https://APP.terraform.io/a' }],
  ])('accepts one allowed host: %j', (urls) => {
    expect(checkRequestHosts(urls, hcp)).toEqual({ ok: true, value: undefined });
  });

  it.each<[string, Record<string, string>, string, RegExp]>([
    ['a foreign host', { callback: 'https://evil.example/x' }, 'callback', /evil\.example, which is not among the allowed hosts/],
    ['a look-alike', { callback: 'https://app.terraform.io.evil.example/x' }, 'callback', /not among/],
    ['credentials that look like the host', { callback: 'https://app.terraform.io@evil.example/x' }, 'callback', /user name or password/],
    ['plain http', { callback: 'http://app.terraform.io/x' }, 'callback', /only https/],
    ['another port', { callback: 'https://app.terraform.io:444/x' }, 'callback', /not among/],
    ['a file', { callback: 'file:///etc/passwd' }, 'callback', /only https/],
    [
      'two allowed hosts in one request',
      { callback: 'https://app.terraform.io/x', plan: 'https://tfe.example.com:8443/y' },
      'plan',
      /the others on app\.terraform\.io/,
    ],
    ['no URL', { plan: 'plan' }, 'plan', /not a URL/],
  ])('refuses %s', (_, urls, field, problem) => {
    expect(checkRequestHosts(urls, hcp)).toEqual({ ok: false, error: { field, problem: expect.stringMatching(problem) } });
  });

  it('never shows more of a URL than its host', () => {
    const refused = checkRequestHosts({ callback: 'https://evil.example/callback-secret?url_code=hidden' }, hcp);
    expect(JSON.stringify(refused)).not.toMatch(/callback-secret|hidden/);
  });

  it('allows http to loopback when it is listed', () => {
    expect(checkRequestHosts({ callback: 'http://127.0.0.1:1234/x' }, ['127.0.0.1:1234']).ok).toBe(true);
    expect(checkRequestHosts({ callback: 'http://127.0.0.1.evil.example/x' }, ['127.0.0.1.evil.example']).ok).toBe(false);
  });
});
