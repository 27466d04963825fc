// Holds what we send, and what our emulators answer, against HashiCorp's and GitHub's own OpenAPI descriptions. Those are read
// from ../shared/facts and never copied into the repository. Says what is wrong; which operations a flow used is the caller's.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { toRequestSchemas, toResponseSchemas, type Node } from './openapi-schemas.ts';

export type Api = 'hcp' | 'github';

const FACTS = path.resolve(import.meta.dirname, '../../../shared/facts');
const FILES: Readonly<Record<Api, string>> = { hcp: 'hcp-openapi-v2beta.json', github: 'github-openapi-slice.json' };

/** Why the check cannot run here, or null. For `(missing === null ? describe : describe.skip)`, which prints it. */
export const missingDescriptions: string | null = Object.values(FILES).every((file) => existsSync(path.join(FACTS, file)))
  ? null
  : 'the OpenAPI descriptions in ../shared/facts are not on this machine';

/** Real calls that the descriptions do not hold, and why each is right all the same. */
const OUTSIDE: Readonly<Record<Api, readonly (readonly [RegExp, string])[]>> = {
  github: [
    [/^POST \/(api\/)?graphql$/, 'GraphQL has a schema of its own'],
    [/^GET \/_services\//, 'OIDC: discovery, keys and the tokens of a job are not part of the REST description'],
    [/^GET \/repositories\/\d+\/issues\/\d+\/comments$/, 'the next page of comments, by the Link header that GitHub itself gives'],
    [/^GET \/repositories\/\d+$/, 'undocumented, stable for a decade: a repository by its id; not in the cut-out'],
    [/^GET \/repos\/[^/]+\/[^/]+$/, 'repository by name: not in the cut-out'],
    [/^(GET|PATCH) \/repos\/[^/]+\/[^/]+\/pulls\/\d+$/, 'pull request: not in the cut-out'],
    [/^((GET|POST) \/repos\/[^/]+\/[^/]+\/pulls|PUT \/repos\/[^/]+\/[^/]+\/pulls\/\d+\/merge)$/, 'pull requests: not in the cut-out'],
    [/^(GET|POST|PATCH|DELETE) \/repos\/[^/]+\/[^/]+\/git\/refs?(\/.+)?$/, 'branches as git refs: not in the cut-out'],
    [/^GET \/repos\/[^/]+\/[^/]+\/(rules\/)?branches\/.+$/, 'a branch and its rules: not in the cut-out'],
    [/^DELETE \/repos\/[^/]+\/[^/]+\/contents\/.+$/, 'deleting a file: not in the cut-out'],
    [/^(GET|DELETE) \/repos\/[^/]+\/[^/]+\/actions\/(secrets|variables)(\/[^/]+)?$/, 'lists, one secret, deleting: not in the cut-out'],
    [/^GET \/repos\/[^/]+\/[^/]+\/actions\/permissions(\/selected-actions)?$/, 'the policy for actions: not in the cut-out'],
    [/^GET \/repos\/[^/]+\/[^/]+\/commits\/[^/]+\/status(es)?$/, 'statuses of a ref: not in the cut-out'],
    [/^(GET|DELETE) \/repos\/[^/]+\/[^/]+\/issues\/comments\/\d+$/, 'one comment, read or deleted: not in the cut-out'],
    [/^GET \/repos\/[^/]+\/[^/]+\/actions\/workflows\/[^/]+(\/runs)?$/, 'workflow and its runs: not in the cut-out'],
    [/^(GET|POST) \/repos\/[^/]+\/[^/]+\/actions\/runs\/\d+\/(jobs|cancel|rerun)$/, 'jobs, cancel and re-run: not in the cut-out'],
    [/^GET \/repos\/[^/]+\/[^/]+\/tarball\/[0-9a-f]{40}$/, 'archive of a commit: not in the cut-out'],
    [/^GET \/_codeload\//, 'the host that archives come from is not the API'],
    [/^GET \/app$/, 'the App itself: not in the cut-out'],
  ],
  hcp: [
    [/^GET \/(ping|app\/)/, 'pages for people, not part of the API'],
    [/^GET \/organizations\/[^/]+\/entitlement-set$/, 'documented ("Organizations API: show the entitlement set"), not described'],
    [/^(GET|POST) \/organizations\/[^/]+\/task-configs(\/for-owner)?$/, 'documented ("Task configurations API", 2026-07), not described'],
    [/^(GET|PATCH) \/task-configs\/[^/]+$/, 'documented ("Task configurations API", 2026-07), not described'],
  ],
};

/** Any operation may answer these; the descriptions list them only here and there. A 5xx is weather. */
const ALWAYS_POSSIBLE = (status: number): boolean => status === 401 || status === 403 || status === 429 || status >= 500;

export interface SeenCall {
  readonly method: string;
  /** With query. */
  readonly path: string;
  /** As sent; empty for none. */
  readonly body: string;
  /** null or 0: never answered. */
  readonly status: number | null;
  readonly responseBody: string;
  /** HCP's emulator is two servers; the object store is nobody's API. */
  readonly server?: 'api' | 'store';
  /** A test made this answer: it says nothing about what the counterpart would have said. */
  readonly disturbed?: boolean;
}

export interface Conformance {
  /** One line for each violation; empty when it holds, and for an operation that {@link operation} does not know. */
  checkRequest(api: Api, method: string, path: string, body: unknown): string[];
  checkResponse(api: Api, method: string, path: string, status: number, body: unknown): string[];
  /** The description's name for the operation, the reason why it is outside, or null: unknown, which a test should not accept. */
  operation(api: Api, method: string, path: string): { readonly id: string } | { readonly outside: string } | null;
  /** All of the above over what an emulator saw. */
  checkSeen(api: Api, seen: readonly SeenCall[]): { violations: string[]; unknown: string[]; checked: string[] };
}

interface Operation {
  readonly id: string;
  readonly at: string;
  readonly node: Node;
}

/** @throws when the descriptions are missing: ask {@link missingDescriptions} first */
export function loadConformance(): Conformance {
  const loaded = { hcp: loadApi('hcp'), github: loadApi('github') };

  const conformance: Conformance = {
    operation(api, method, requestPath) {
      const found = loaded[api].find(method, requestPath);
      if (found !== null) return { id: found.id };
      const call = `${method.toUpperCase()} ${trimmed(requestPath)}`;
      const outside = OUTSIDE[api].find(([pattern]) => pattern.test(call));
      return outside === undefined ? null : { outside: outside[1] };
    },
    checkRequest(api, method, requestPath, body) {
      const found = loaded[api].find(method, requestPath);
      if (found === null) return [];
      const described = loaded[api].resolve(found.node['requestBody']);
      const content = contentOf(described);
      if (content === null) return body === undefined ? [] : [`${found.id}: sends a body, and the description has none`];
      if (body === undefined) return described?.['required'] === true ? [`${found.id}: the body is missing`] : [];
      return loaded[api]
        .validate('request', `${found.at}/requestBody/content/${escaped(content)}/schema`, body)
        .map((line) => `${found.id}: request${line}`);
    },
    checkResponse(api, method, requestPath, status, body) {
      const found = loaded[api].find(method, requestPath);
      if (found === null || (ALWAYS_POSSIBLE(status) && body === undefined)) return [];
      const responses = found.node['responses'] as Record<string, Node>;
      const key = responses[String(status)] === undefined ? 'default' : String(status);
      const described = loaded[api].resolve(responses[key]);
      if (described === undefined) return ALWAYS_POSSIBLE(status) ? [] : [`${found.id}: answers ${status}, which is not described`];
      const content = contentOf(described);
      if (content === null || body === undefined)
        return content === null && body !== undefined && status < 300 ? [`${found.id}: ${status} has no body`] : [];
      const pointer = responses[key]?.['$ref'] ?? `${found.at}/responses/${key}`;
      return loaded[api]
        .validate('response', `${String(pointer)}/content/${escaped(content)}/schema`, body)
        .map((line) => `${found.id}: ${status}${line}`);
    },
    checkSeen(api, seen) {
      const violations: string[] = [];
      const unknown = new Set<string>();
      const checked = new Set<string>();
      for (const call of seen.filter(({ server }) => server !== 'store')) {
        const operation = conformance.operation(api, call.method, call.path);
        if (operation === null) unknown.add(`${call.method.toUpperCase()} ${trimmed(call.path)}`);
        if (operation === null || 'outside' in operation) continue;
        checked.add(operation.id);
        // What was refused as malformed is the refusal's proof, not a defect of the sender's schema.
        const refused = call.status === 400 || call.status === 422;
        if (!refused) violations.push(...conformance.checkRequest(api, call.method, call.path, parsed(call.body)));
        // A long body is kept as `<n bytes>`.
        const judged = call.disturbed !== true && call.status !== null && call.status !== 0 && !/^<\d+ bytes>$/.test(call.responseBody);
        if (judged) violations.push(...conformance.checkResponse(api, call.method, call.path, call.status, parsed(call.responseBody)));
      }
      return { violations: [...new Set(violations)], unknown: [...unknown], checked: [...checked].sort() };
    },
  };
  return conformance;
}

function loadApi(api: Api) {
  const document = JSON.parse(readFileSync(path.join(FACTS, FILES[api]), 'utf8')) as Node;
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  ajv.addSchema(toRequestSchemas(api, document), 'request');
  ajv.addSchema(toResponseSchemas(api, document), 'response');
  const compiled = new Map<string, ValidateFunction>();
  const templates = Object.entries(document['paths'] as Record<string, Record<string, Node>>).map(([template, methods]) => ({
    template,
    methods,
    pattern: toPattern(template),
  }));
  // A literal segment beats a parameter: /tasks/integrations is not /tasks/{id}.
  templates.sort((a, b) => parameters(a.template) - parameters(b.template));

  return {
    find(method: string, requestPath: string): Operation | null {
      const name = method.toLowerCase();
      const match = templates.find(({ pattern, methods }) => pattern.test(trimmed(requestPath)) && methods[name] !== undefined);
      const node = match?.methods[name];
      if (match === undefined || node === undefined) return null;
      return { id: String(node['operationId'] ?? `${method} ${match.template}`), at: `#/paths/${escaped(match.template)}/${name}`, node };
    },
    resolve(node: unknown): Node | undefined {
      const reference = (node as Node | undefined)?.['$ref'];
      if (typeof reference !== 'string') return node as Node | undefined;
      return reference
        .slice(2)
        .split('/')
        .reduce<Node | undefined>((at, key) => at?.[key.replaceAll('~1', '/').replaceAll('~0', '~')] as Node | undefined, document);
    },
    validate(direction: 'request' | 'response', pointer: string, body: unknown): string[] {
      const reference = `${direction}${pointer}`;
      const validate = compiled.get(reference) ?? ajv.compile({ $ref: reference });
      compiled.set(reference, validate);
      return validate(body) ? [] : (validate.errors ?? []).map(describe);
    },
  };
}

const describe = (error: ErrorObject): string => {
  const more = error.keyword === 'additionalProperties' ? `: ${String(error.params['additionalProperty'])}` : '';
  return `${error.instancePath} ${error.message ?? error.keyword}${more}`;
};

/** `/api/v2` is HCP Terraform's base, `/api/v3` GitHub Enterprise Server's; the descriptions start behind them. */
const trimmed = (requestPath: string): string => (requestPath.split('?')[0] ?? '').replace(/^\/api\/v[23](?=\/)/, '');

const parameters = (template: string): number => template.split('{').length - 1;

/** A parameter is one segment; only a file's `{path}` may have several. */
function toPattern(template: string): RegExp {
  const parts = template.split(/(\{[^}]+\})/).map((part) => {
    if (!part.startsWith('{')) return part.replaceAll(/[.*+?^$()[\]\\|]/g, '\\$&');
    return part === '{path}' ? '.+' : '[^/]+';
  });
  return new RegExp(`^${parts.join('')}$`);
}

const contentOf = (node: Node | undefined): string | null =>
  Object.keys((node?.['content'] as Node | undefined) ?? {}).find((type) => type.includes('json')) ?? null;

/** JSON pointer in a URI fragment. */
const escaped = (key: string): string => encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'));

function parsed(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}
