// A repository's Actions settings: secrets (write only, as on GitHub) and variables.
import * as z from 'zod';
import { conflict, json, noContent, notFound, unprocessable } from '../answers.ts';
import type { Secret, Variable } from '../model.ts';
import { page } from '../paging.ts';
import { type RepositoryCall, repositoryRoute, type Route, withBody } from '../router.ts';
import { openSealedBox } from '../sealed-box.ts';
import { iso } from '../shapes/text.ts';

const NAME = /^(?!GITHUB_)[A-Z_][A-Z0-9_]*$/i;
/** docs.github.com, "Secrets" and "Variables", read 2026-11-22. How GitHub words what goes beyond is UNCONFIRMED. */
const MAX_BYTES = 48 * 1024;
const MAX_SECRETS = 100;
const MAX_VARIABLES = 500;
/** docs.github.com, "List repository variables", read 2026-11-22: other lists have 30 and 100. */
const VARIABLE_PAGES = { perPage: 10, maxPerPage: 30 };

const secretSchema = z.strictObject({ encrypted_value: z.base64().min(1), key_id: z.string() });
const newVariableSchema = z.strictObject({ name: z.string().regex(NAME), value: z.string() });
const variableSchema = z.strictObject({ name: z.string().regex(NAME).optional(), value: z.string().optional() });

export const settingRoutes: readonly Route[] = [
  repositoryRoute('GET', '/actions/secrets/public-key', [['secrets', 'read']], ({ repository }) =>
    json(200, { key_id: repository.sealingKey.id, key: repository.sealingKey.key }),
  ),

  repositoryRoute('GET', '/actions/secrets', [['secrets', 'read']], (call) => {
    const all = byName(call.repository.secrets);
    return page(call, '/actions/secrets', all, (items) => ({ total_count: all.length, secrets: items.map(toSecret) }));
  }),

  repositoryRoute('GET', '/actions/secrets/{name}', [['secrets', 'read']], ({ repository, param }) => {
    const secret = repository.secrets.get(param('name').toUpperCase());
    return secret === undefined ? notFound : json(200, toSecret(secret));
  }),

  repositoryRoute(
    'PUT',
    '/actions/secrets/{name}',
    [['secrets', 'write']],
    withBody(secretSchema, async (call: RepositoryCall, body) => {
      const { repository, world } = call;
      const name = call.param('name').toUpperCase();
      if (name.startsWith('GITHUB_')) return unprocessable('Secret names must not start with GITHUB_.');
      if (!NAME.test(name))
        return unprocessable(
          'Secret names can only contain alphanumeric characters ([a-z], [A-Z], [0-9]) or underscores (_). Spaces are not allowed. Must start with a letter ([a-z], [A-Z]) or underscores (_).',
        );
      // The same answer for another key's box and for no box at all (integrations/terraform-provider-github#2315).
      const ours = body.key_id === repository.sealingKey.id;
      const value = ours ? await openSealedBox(body.encrypted_value, repository.sealingKey) : null;
      if (value === null) return unprocessable('Bad request - validation failed due to an improperly encrypted secret');
      if (Buffer.byteLength(value) > MAX_BYTES) return unprocessable('Secret value is too long (maximum is 48 KB)');
      const old = repository.secrets.get(name);
      if (old === undefined && repository.secrets.size >= MAX_SECRETS) return unprocessable(`Only ${MAX_SECRETS} secrets are allowed.`);
      const now = world.clock.now();
      repository.secrets.set(name, { name, value, encrypted: body.encrypted_value, createdAt: old?.createdAt ?? now, updatedAt: now });
      world.changed();
      return old === undefined ? json(201, {}) : noContent;
    }),
  ),

  repositoryRoute('DELETE', '/actions/secrets/{name}', [['secrets', 'write']], ({ repository, param }) =>
    repository.secrets.delete(param('name').toUpperCase()) ? noContent : notFound,
  ),

  repositoryRoute('GET', '/actions/variables', [['actions_variables', 'read']], (call) => {
    const all = byName(call.repository.variables);
    const wrap = (items: readonly Variable[]) => ({ total_count: all.length, variables: items.map(toVariable) });
    return page(call, '/actions/variables', all, wrap, VARIABLE_PAGES);
  }),

  repositoryRoute(
    'POST',
    '/actions/variables',
    [['actions_variables', 'write']],
    withBody(newVariableSchema, (call: RepositoryCall, { name: given, value }) => {
      const name = given.toUpperCase();
      if (call.repository.variables.has(name)) return conflict('Already exists - Variable already exists');
      if (call.repository.variables.size >= MAX_VARIABLES) return unprocessable(`Only ${MAX_VARIABLES} variables are allowed.`);
      if (tooLong(value)) return tooLongVariable;
      const now = call.world.clock.now();
      call.repository.variables.set(name, { name, value, createdAt: now, updatedAt: now });
      call.world.changed();
      return json(201, {});
    }),
  ),

  repositoryRoute('GET', '/actions/variables/{name}', [['actions_variables', 'read']], ({ repository, param }) => {
    const variable = repository.variables.get(param('name').toUpperCase());
    return variable === undefined ? notFound : json(200, toVariable(variable));
  }),

  repositoryRoute(
    'PATCH',
    '/actions/variables/{name}',
    [['actions_variables', 'write']],
    withBody(variableSchema, (call: RepositoryCall, body) => {
      const old = call.repository.variables.get(call.param('name').toUpperCase());
      if (old === undefined) return notFound;
      if (body.value !== undefined && tooLong(body.value)) return tooLongVariable;
      const name = (body.name ?? old.name).toUpperCase();
      if (name !== old.name && call.repository.variables.has(name)) return conflict('Already exists - Variable already exists');
      call.repository.variables.delete(old.name);
      call.repository.variables.set(name, { ...old, name, value: body.value ?? old.value, updatedAt: call.world.clock.now() });
      call.world.changed();
      return noContent;
    }),
  ),

  repositoryRoute('DELETE', '/actions/variables/{name}', [['actions_variables', 'write']], ({ repository, param }) =>
    repository.variables.delete(param('name').toUpperCase()) ? noContent : notFound,
  ),
];

const byName = <T extends { readonly name: string }>(all: ReadonlyMap<string, T>): T[] =>
  [...all.values()].sort((a, b) => (a.name < b.name ? -1 : 1));

const tooLong = (value: string): boolean => Buffer.byteLength(value) > MAX_BYTES;
const tooLongVariable = unprocessable('Variable value is too long (maximum is 48 KB)');

const toSecret = (secret: Secret): Record<string, unknown> => ({
  name: secret.name,
  created_at: iso(secret.createdAt),
  updated_at: iso(secret.updatedAt),
});

const toVariable = (variable: Variable): Record<string, unknown> => ({
  name: variable.name,
  value: variable.value,
  created_at: iso(variable.createdAt),
  updated_at: iso(variable.updatedAt),
});
