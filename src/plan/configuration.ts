// The configuration part of a plan: which modules are called, which providers are configured, how resources are written. No I/O.
//
// Terraform writes expressions here, not values: `{ "constant_value": … }` or `{ "references": […] }`, nested as the blocks are.
// Source: HashiCorp, "JSON Output Format", configuration representation (read 2026-11-22).
import type { Json } from '../contracts/json.ts';
import { isList, isMap, ownValue } from './json-tree.ts';
import type { ConfiguredResource, ModuleCall, PlanConfiguration, ProviderConfiguration } from './model.ts';

/** @returns null when the plan does not have it (HCP Terraform's redacted plans) */
export function toConfiguration(configuration: Json | undefined): PlanConfiguration | null {
  if (!isMap(configuration)) return null;
  const modules: ModuleCall[] = [];
  const resources: ConfiguredResource[] = [];
  walk(child(configuration, 'root_module'), '', modules, resources);
  const providers = entries(child(configuration, 'provider_config')).map(([key, config]) => toProvider(key, config));
  return { providers, modules, resources };
}

function toProvider(key: string, config: Json): ProviderConfiguration {
  return {
    key,
    name: text(config, 'name') ?? key,
    fullName: text(config, 'full_name'),
    alias: text(config, 'alias'),
    version: text(config, 'version_constraint'),
    module: text(config, 'module_address') ?? '',
    expressions: child(config, 'expressions') ?? {},
  };
}

/** To the very end: what lies deeper than somebody looks is where something hides. */
function walk(module: Json | undefined, address: string, modules: ModuleCall[], resources: ConfiguredResource[]): void {
  if (!isMap(module)) return;
  const prefix = address === '' ? '' : `${address}.`;
  const list = child(module, 'resources');
  for (const resource of isList(list) ? list : []) {
    const own = text(resource, 'address');
    if (own === null) continue;
    resources.push({
      address: prefix + own,
      module: address,
      mode: text(resource, 'mode') ?? 'managed',
      type: text(resource, 'type') ?? '',
      name: text(resource, 'name') ?? '',
      provider: text(resource, 'provider_config_key'),
      expressions: child(resource, 'expressions') ?? {},
    });
  }
  for (const [name, call] of entries(child(module, 'module_calls'))) {
    const called = `${prefix}module.${name}`;
    modules.push({
      address: called,
      name,
      module: address,
      source: text(call, 'source') ?? '',
      version: text(call, 'version_constraint'),
      expressions: child(call, 'expressions') ?? {},
      outputs: child(child(call, 'module'), 'outputs') ?? {},
    });
    walk(child(call, 'module'), called, modules, resources);
  }
}

const child = (value: Json | undefined, key: string): Json | undefined =>
  value !== undefined && isMap(value) ? ownValue(value, key) : undefined;

const entries = (value: Json | undefined): [string, Json][] => (value !== undefined && isMap(value) ? Object.entries(value) : []);

function text(value: Json | undefined, key: string): string | null {
  const found = child(value, key);
  return typeof found === 'string' && found !== '' ? found : null;
}

/** Values of the root module's variables, sensitive ones included. */
export function toVariables(variables: Json | undefined): ReadonlyMap<string, Json> {
  return new Map(entries(variables).map(([name, variable]) => [name, child(variable, 'value') ?? null]));
}
