// The shape of relay.yml: what the schema says against it, in words that tell what to write instead. Pure.
import type * as z from 'zod';
import type { Diagnostic } from '../../base/diagnostics.ts';
import {
  gateRouteSchema,
  githubConfigSchema,
  relayConfigSchema,
  secretSchema,
  taskConfigSchema,
  vcsRouteSchema,
  type RelayConfig,
} from '../../contracts/relay-config.ts';
import { valueAt, type Path, type Tell } from './places.ts';

export type Shape =
  { readonly ok: true; readonly config: RelayConfig } | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

export function checkShape(value: unknown, tell: Tell): Shape {
  const parsed = relayConfigSchema.safeParse(value ?? {});
  if (parsed.success) return { ok: true, config: parsed.data };
  return { ok: false, diagnostics: parsed.error.issues.flatMap((issue) => describe(issue, toPath(issue.path), value, tell)) };
}

type Issue = z.core.$ZodIssue;
const toPath = (path: readonly PropertyKey[]): Path => path.map((part) => (typeof part === 'number' ? part : String(part)));

function describe(issue: Issue, path: Path, value: unknown, tell: Tell): Diagnostic[] {
  const found = valueAt(value, path);
  const name = path.at(-1) ?? 'the file';
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(path, found);
    return issue.keys.map((key) => {
      const near = known.find((candidate) => isNear(candidate, key));
      const detail = near === undefined ? `Known here: ${known.join(', ')}` : `Did you mean "${near}"?`;
      return tell([...path, key], `Unknown key "${key}"`, detail, 'key');
    });
  }
  if (issue.code === 'invalid_key')
    return [tell(path, `Bad name "${String(name)}"`, issue.issues.map(({ message }) => message).join('; '), 'key')];
  if (found === undefined && path.length > 0) return [tell(path, `"${String(name)}" is missing`, remedyOf(path))];
  if (issue.code === 'invalid_union') {
    // A union's own message says only that nothing fits; the form that was meant says more.
    const meant = meantForm(path, found);
    if (meant !== null) {
      const inner = meant.safeParse(found);
      if (!inner.success) return inner.error.issues.flatMap((one) => describe(one, [...path, ...toPath(one.path)], value, tell));
    }
    if (isSecretPlace(path)) return [tell(path, `"${String(name)}" does not name a secret`, SECRET_REMEDY)];
  }
  return [tell(path, `"${String(name)}" is not valid`, [issue.message, remedyOf(path)].filter((text) => text !== '').join('. '))];
}

function meantForm(path: Path, found: unknown): z.ZodType | null {
  if (path[0] !== 'tasks' || path[2] !== 'routes' || path.length !== 4) return null;
  if (typeof found !== 'object' || found === null) return null;
  return 'from' in found || 'owners' in found ? vcsRouteSchema : gateRouteSchema;
}

const isSecretPlace = (path: Path): boolean =>
  ['encryption_key', 'signing_key', 'private_key', 'token', 'seal_public_key'].includes(String(path.at(-1))) || path.at(-2) === 'hmac_keys';

const SECRET_REMEDY =
  'A secret is never written into this file. Write { file: /run/secrets/name } or { env: NAME }, and put the secret there';

const REMEDIES: Readonly<Record<string, string>> = {
  public_url: 'Write the URL under which HCP Terraform and GitHub’s runners reach this relay: https://relay.example.com',
  encryption_key: 'Write { file: … } or { env: … }; `openssl rand -base64 32` makes one',
  github: 'Write who the relay is on GitHub: { app_id: …, private_key: { file: … } } or { token: { env: … } }',
  tasks: 'Write at least one task; its name becomes the URL: /hooks/NAME',
  hmac_keys: 'Write the run task’s HMAC key: [{ env: RUNTASK_HMAC_KEY }]; without one anybody could post a run task',
  organizations: 'Write the HCP Terraform organizations whose runs are taken: [acme]',
  unrouted: 'Write what a run gets that no route takes: fail, or pass',
  owners: 'Write the GitHub owners whose repositories may judge their own plans: [acme]',
  repository: 'Write the repository whose workflow judges: acme/terraform-gate (or `from: vcs` with `owners`)',
};
const remedyOf = (path: Path): string => REMEDIES[String(path.at(-1))] ?? '';

function knownKeys(path: Path, found: unknown): string[] {
  if (path.length === 0) return Object.keys(relayConfigSchema.shape);
  if (path[0] === 'github' && path.length === 1) return Object.keys(githubConfigSchema.shape);
  if (path[0] === 'listen') return ['host', 'port'];
  if (path[0] === 'tasks' && path.length === 2) return Object.keys(taskConfigSchema.shape);
  if (path[0] === 'tasks' && path[2] === 'routes')
    return Object.keys((meantForm(path, found) === vcsRouteSchema ? vcsRouteSchema : gateRouteSchema).shape);
  return secretSchema.options.flatMap((option) => Object.keys(option.shape));
}

/** One letter more, less or other, or the same but for case and dashes: the mistakes that fingers make. */
function isNear(a: string, b: string): boolean {
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[-_]/g, '');
  const [short, long] = [plain(a), plain(b)].sort((x, y) => x.length - y.length) as [string, string];
  if (long.length - short.length > 1) return false;
  let i = 0;
  while (i < short.length && short[i] === long[i]) i++;
  return short.slice(i + (short.length === long.length ? 1 : 0)) === long.slice(i + 1) || short === long;
}
