// A repository's Actions settings: secrets (write only, as on GitHub) and variables.
import * as z from 'zod';
import { conflict, json, noContent, notFound, unprocessable } from '../answers.ts';
import type { Variable } from '../model.ts';
import { page } from '../paging.ts';
import { type RepositoryCall, repositoryRoute, type Route, withBody } from '../router.ts';
import { iso } from '../shapes/text.ts';

const NAME = /^(?!GITHUB_)[A-Z_][A-Z0-9_]*$/i;
/** docs.github.com, "Secrets" and "Variables", read 2026-11-22. */
const MAX_BYTES = 48 * 1024;

const secretSchema = z.strictObject({ encrypted_value: z.base64().min(1), key_id: z.string() });
const newVariableSchema = z.strictObject({ name: z.string().regex(NAME), value: z.string() });
const variableSchema = z.strictObject({ name: z.string().regex(NAME).optional(), value: z.string().optional() });

export const settingRoutes: readonly Route[] = [
  repositoryRoute('GET', '/actions/secrets/public-key', [['secrets', 'read']], ({ repository }) =>
    json(200, { key_id: repository.sealingKey.id, key: repository.sealingKey.key }),
  ),

  repositoryRoute(
    'PUT',
    '/actions/secrets/{name}',
    [['secrets', 'write']],
    withBody(secretSchema, (call: RepositoryCall, body) => {
      const name = call.param('name').toUpperCase();
      if (!NAME.test(name)) return unprocessable('Secret names can only contain alphanumeric characters and underscores');
      if (body.key_id !== call.repository.sealingKey.id) return unprocessable('Bad request - the public key id is not the repository’s');
      const existed = call.repository.secrets.has(name);
      call.repository.secrets.set(name, { name, value: null, encrypted: body.encrypted_value });
      call.world.changed();
      return existed ? noContent : json(201, {});
    }),
  ),

  repositoryRoute('DELETE', '/actions/secrets/{name}', [['secrets', 'write']], ({ repository, param }) =>
    repository.secrets.delete(param('name').toUpperCase()) ? noContent : notFound,
  ),

  repositoryRoute('GET', '/actions/variables', [['actions_variables', 'read']], (call) => {
    const all = [...call.repository.variables.values()];
    return page(call, '/actions/variables', all, (items) => ({ total_count: all.length, variables: items.map(toVariable) }));
  }),

  repositoryRoute(
    'POST',
    '/actions/variables',
    [['actions_variables', 'write']],
    withBody(newVariableSchema, (call: RepositoryCall, { name: given, value }) => {
      const name = given.toUpperCase();
      if (call.repository.variables.has(name)) return conflict('Already exists - Variable already exists');
      if (Buffer.byteLength(value) > MAX_BYTES) return unprocessable('Variable value is too long (maximum is 48 KB)');
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
      call.repository.variables.delete(old.name);
      const name = (body.name ?? old.name).toUpperCase();
      call.repository.variables.set(name, { ...old, name, value: body.value ?? old.value, updatedAt: call.world.clock.now() });
      call.world.changed();
      return noContent;
    }),
  ),

  repositoryRoute('DELETE', '/actions/variables/{name}', [['actions_variables', 'write']], ({ repository, param }) =>
    repository.variables.delete(param('name').toUpperCase()) ? noContent : notFound,
  ),
];

const toVariable = (variable: Variable): Record<string, unknown> => ({
  name: variable.name,
  value: variable.value,
  created_at: iso(variable.createdAt),
  updated_at: iso(variable.updatedAt),
});
