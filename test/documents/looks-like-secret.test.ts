// What is repeated to people, and what could be a key that somebody pasted.
import { describe, expect, it } from '@jest/globals';
import { isKnownCredential, looksLikeSecret } from '../../src/documents/looks-like-secret.ts';

describe('looksLikeSecret', () => {
  it.each([
    'net-prod',
    'net-*',
    'acme/terraform-gate',
    '.github/workflows/run-task.yml',
    'org/runtask-action@v1',
    'RUNTASK_HMAC_KEY',
    'app.terraform.io:8443',
    'eu-west-1-prod-2024',
    'Net-Prod-01',
    '/run/secrets/hmac-key',
    'Acme Inc',
  ])('no: %s', (text) => expect(looksLikeSecret(text)).toBe(false));

  it.each([
    '',
    'a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5',
    '123e4567-e89b-12d3-a456-426614174000',
    'dGhpcyBpcyBhIHNlY3JldA==',
    'aB3-dE_9xYz0aB3-dE_9xYz0',
    'ghp_16C7e42F292c6912E7710c838347Ae178B4a',
    'k3j9d2lq8x7m1n0p',
    'abcdefghijklmnopqrstuvwxyz',
    'Tr0ub4dor&3',
    'two\nlines',
    'evil\u001b[2K',
    'a'.repeat(101),
  ])('yes: %j', (text) => expect(looksLikeSecret(text)).toBe(true));
});

describe('isKnownCredential', () => {
  it.each([
    'ghp_16C7e42F292c6912E7710c838347Ae178B4a',
    'github_pat_11ABCDEFG0123456789_abcdefghij',
    'abcdefghijklmn.atlasv1.abcdefghijklmnopqrstuvwxyz',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln',
    'Bearer ghs_16C7e42F292c6912E7710c838347Ae178B4a',
    '-----BEGIN RSA PRIVATE KEY-----\nMII',
    'AKIAIOSFODNN7EXAMPLE',
  ])('yes: %j', (text) => expect(isKnownCredential(text)).toBe(true));

  it.each(['gh_token', 'ghp_short', 'atlasv1', 'eyJ', 'a description of github_pat_ tokens', 'https://relay.example.com/hooks/gate'])(
    'no: %j',
    (text) => expect(isKnownCredential(text)).toBe(false),
  );
});
