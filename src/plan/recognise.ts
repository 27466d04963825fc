// What a text may be that is no plan, and what its sender should do instead. Quotes nothing of the text. No I/O.
import type { Json } from '../contracts/json.ts';
import { isList, isMap, ownValue } from './json-tree.ts';

export interface Recognised {
  readonly summary: string;
  readonly detail: string;
}

const CONVERT = 'Use the output of `terraform show -json PLANFILE`.';

/** For a text that is not JSON; null when nothing is recognised. */
export function recogniseText(text: string): Recognised | null {
  const start = text.slice(0, 4000).trimStart();
  if (text.startsWith('PK\u0003\u0004')) return { summary: 'This is a binary plan file, not JSON', detail: CONVERT };
  if (start.startsWith('{"@level"')) return { summary: 'This is the log of `terraform plan -json`, not a plan', detail: CONVERT };
  if (/^<(?:!doctype|html|\?xml)/i.test(start)) {
    return {
      summary: 'This is a web page or XML, not a plan',
      detail: 'Something between here and the sender answered in its place, perhaps a proxy.',
    };
  }
  if (
    /Terraform (?:used the selected providers|will perform)|^Plan: \d+ to|OpenTofu used the selected providers|^No changes\./m.test(start)
  ) {
    return { summary: "This is Terraform's text for people, not JSON", detail: CONVERT };
  }
  return null;
}

/** For a JSON value without a plan's format version. */
export function recogniseJson(value: Json): Recognised {
  if (isList(value)) return { summary: 'This is a JSON list, not a plan', detail: CONVERT };
  if (!isMap(value)) return { summary: 'This is a single JSON value, not a plan', detail: CONVERT };
  if (ownValue(value, 'errors') !== undefined) {
    return {
      summary: 'This is an error answer of an API, not a plan',
      detail: 'The plan could not be read where it was kept; see its status there.',
    };
  }
  if (ownValue(value, 'lineage') !== undefined && ownValue(value, 'serial') !== undefined) {
    return { summary: 'This is a Terraform state file, not a plan', detail: CONVERT };
  }
  if (ownValue(value, '@level') !== undefined) return { summary: 'This is the log of `terraform plan -json`, not a plan', detail: CONVERT };
  if (Object.keys(value).length === 0) {
    return {
      summary: 'The plan is an empty JSON object',
      detail: 'HCP Terraform answers so when a run ended in an error before there was a plan.',
    };
  }
  return { summary: 'There is no `format_version`, so this is no plan', detail: CONVERT };
}

/** A state in the form of `terraform show -json` has a format version as well. */
export function isShownState(value: Json): boolean {
  const has = (key: string): boolean => isMap(value) && Object.hasOwn(value, key);
  return has('values') && !has('planned_values') && !has('resource_changes') && !has('configuration');
}
