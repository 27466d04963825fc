// Sees without zod that a change has the form that Terraform documents: what zod makes on the way for each of 100,000 changes grows old in
// V8's memory and doubles what reading a plan takes. A value that is not seen to be good here is zod's to judge, and to tell of. No I/O.
import type { ChangeJson, ResourceChangeJson } from '../../contracts/plan-json.ts';

type Fields = { readonly [key: string]: unknown };

/** Never true for what `resourceChangeSchema` refuses. */
export function isResourceChange(value: unknown): value is ResourceChangeJson {
  return (
    isFields(value) &&
    typeof value['address'] === 'string' &&
    typeof value['type'] === 'string' &&
    typeof value['name'] === 'string' &&
    OPTIONAL_TEXTS.every((key) => isTextOrNothing(value[key])) &&
    isIndex(value['index']) &&
    isFlagOrNothing(value['index_unknown']) &&
    isChange(value['change'])
  );
}

/** Never true for what `changeSchema` refuses. */
export function isChange(value: unknown): value is ChangeJson {
  return isFields(value) && isTexts(value['actions']) && isTextOrNothing(value['generated_config']) && isImporting(value['importing']);
}

const OPTIONAL_TEXTS = ['previous_address', 'module_address', 'mode', 'provider_name', 'deposed', 'action_reason'] as const;

const isImporting = (value: unknown): boolean =>
  isNothing(value) || (isFields(value) && isTextOrNothing(value['id']) && isFlagOrNothing(value['unknown']));

const isIndex = (value: unknown): boolean => isTextOrNothing(value) || (typeof value === 'number' && Number.isFinite(value));
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every((item) => typeof item === 'string');
const isTextOrNothing = (value: unknown): boolean => isNothing(value) || typeof value === 'string';
const isFlagOrNothing = (value: unknown): boolean => isNothing(value) || typeof value === 'boolean';
const isNothing = (value: unknown): boolean => value === undefined || value === null;
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
