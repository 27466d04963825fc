// What only the relay knows about a mistake in relay.yml: what to write at each of its keys, and that a secret is never written into it.
import type { RoomWords } from '../../documents/shape.ts';
import { nameOf, type DocumentPath } from '../../documents/path.ts';

const REMEDIES: Readonly<Record<string, string>> = {
  public_url: 'Write the URL under which HCP Terraform and GitHub’s runners reach this relay: https://relay.example.com',
  encryption_key: 'Write { file: … } or { env: … }; `openssl rand -base64 32` makes one',
  github: 'Write who the relay is on GitHub: { app_id: …, private_key: { file: … } } or { token: { env: … } }',
  tasks: 'Write at least one task; its name becomes the URL: /hooks/NAME',
  app_id: 'Write the number that stands on the App’s page at GitHub',
  token_life: 'Write a number and a unit: 90s or 10m',
  hmac_keys: 'Write the run task’s HMAC key: [{ env: RUNTASK_HMAC_KEY }]; without one anybody could post a run task',
  organizations: 'Write the HCP Terraform organizations whose runs are taken: [acme]',
  unrouted: 'Write what a run gets that no route takes: fail, or pass',
  owners: 'Write the GitHub owners whose repositories may judge their own plans: [acme]',
  repository: 'Write the repository whose workflow judges: acme/terraform-gate (or `from: vcs` with `owners`)',
};

export const RELAY_WORDS: RoomWords = {
  remedyOf: (path) => REMEDIES[String(path.at(-1))] ?? '',
  ownWords: (issue, path) =>
    issue.code === 'invalid_union' && isSecretPlace(path)
      ? { summary: `"${nameOf(path)}" does not name a secret`, detail: SECRET_REMEDY }
      : null,
};

const isSecretPlace = (path: DocumentPath): boolean =>
  ['encryption_key', 'signing_key', 'private_key', 'token', 'seal_public_key'].includes(String(path.at(-1))) || path.at(-2) === 'hmac_keys';

const SECRET_REMEDY =
  'A secret is never written into this file. Write { file: /run/secrets/name } or { env: NAME }, and put the secret there';
