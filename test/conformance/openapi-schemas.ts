// OpenAPI 3.0 documents as JSON Schema that Ajv compiles, once for requests and once for responses. Pure.

export type Node = { readonly [key: string]: unknown };

/**
 * For what we send. Stricter than the descriptions say: they hardly ever forbid a key, so a misspelled attribute would hold.
 * An object that lists its properties takes no others, and nothing that the description marks `readOnly`.
 */
export function toRequestSchemas(api: 'hcp' | 'github', document: Node): Node {
  return toSchema(api === 'hcp' ? withOutcomes(document) : document, true) as Node;
}

/** For what an emulator answers: unknown keys are the reader's to ignore. */
export function toResponseSchemas(api: 'hcp' | 'github', document: Node): Node {
  return toSchema(api === 'hcp' ? withoutGlobalConfiguration(document) : document, false) as Node;
}

/**
 * A run task of an organization without global run tasks has none: go-tfe's test of 2024 wants nil there, and HashiCorp's provider calls the
 * organization unsupported by it. The description knows the object only.
 */
function withoutGlobalConfiguration(document: Node): Node {
  const copy = structuredClone(document);
  const path = ['components', 'schemas', 'tasks', 'properties', 'attributes', 'properties', 'global-configuration'];
  Object.assign(
    path.reduce<Node>((node, key) => objectAt(node, key), copy),
    { nullable: true },
  );
  return copy;
}

/**
 * HashiCorp's one contradiction that concerns us. The description models reading and writing a task result with one schema and
 * calls the relationship `task-result-outcomes`; the documentation ("Run tasks integration", page of 2025-11-19), go-tfe and
 * every integrator send `outcomes`. So the described shape is expected under the name on the wire.
 */
function withOutcomes(document: Node): Node {
  const copy = structuredClone(document);
  const relationships = ['components', 'schemas', 'task-results', 'properties', 'relationships', 'properties'].reduce<Node>(
    (node, key) => objectAt(node, key),
    copy,
  );
  const described = objectAt(relationships, 'task-result-outcomes');
  Object.assign(relationships, { 'outcomes': described, 'task-result-outcomes': false });
  return copy;
}

function objectAt(node: Node, key: string): Node {
  const value = node[key];
  if (!isObject(value)) throw new Error(`The description of HCP Terraform has no ${key} where it was: has it been mended?`);
  return value;
}

/** Words of OpenAPI 3.0 that are none of JSON Schema's. */
const NOT_JSON_SCHEMA = new Set(['nullable', 'example', 'discriminator', 'xml', 'externalDocs']);

function toSchema(value: unknown, strict: boolean, closed = strict): unknown {
  if (Array.isArray(value)) return value.map((item) => toSchema(item, strict));
  if (!isObject(value)) return value;
  const out: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    if (NOT_JSON_SCHEMA.has(key)) continue;
    // The keys of `properties` are names, whatever they are called.
    if (key === 'properties' && isObject(inner))
      out[key] = Object.fromEntries(Object.entries(inner).map(([name, schema]) => [name, toSchema(schema, strict)]));
    // What `allOf` joins cannot each be closed: every part would refuse the others' keys.
    else if (key === 'allOf' && Array.isArray(inner)) out[key] = inner.map((part) => toSchema(part, strict, false));
    else out[key] = toSchema(inner, strict);
  }
  if (strict && isObject(value['properties'])) {
    const writable = Object.entries(value['properties']).filter(([, schema]) => !isObject(schema) || schema['readOnly'] !== true);
    const names = new Set(writable.map(([name]) => name));
    out['properties'] = Object.fromEntries(Object.entries(out['properties'] as Node).filter(([name]) => names.has(name)));
    if (Array.isArray(value['required'])) out['required'] = value['required'].filter((name: string) => names.has(name));
    if (closed && value['additionalProperties'] === undefined && value['allOf'] === undefined) out['additionalProperties'] = false;
  }
  return value['nullable'] === true ? { anyOf: [out, { type: 'null' }] } : out;
}

const isObject = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);
