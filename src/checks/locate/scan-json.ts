// The blocks of a .tf.json file with their lines. Pure, linear, without recursion, and tolerant like scan-hcl.ts.
//
// Terraform's JSON: `{"resource": {"TYPE": {"NAME": {…}}}, "module": {"NAME": {…}}}`; at each level a list of such objects may stand in
// place of one (HashiCorp, "JSON Configuration Syntax", read 2026-11-22). Only keys and depth matter, so nothing is parsed.
import type { ConfigurationBlock } from './block.ts';

const LABELS: Readonly<Record<string, number>> = { resource: 2, data: 2, ephemeral: 2, module: 1 };
// A text without its closing quote is taken up to the line's end: it would be looked through again from each quote in it.
const TOKEN = /"(?:[^"\\\n]|\\.)*"?|[{}[\]:,\n]/g;

export function scanJson(source: string): ConfigurationBlock[] {
  const blocks: ConfigurationBlock[] = [];
  let members = new Map<string, number>();
  /** Of each open container whether it stands under a key; an item of a list does not. */
  const open: boolean[] = [];
  /** Those keys. Kept beside, because to work it out from `open` each time would be quadratic in the depth. */
  const path: string[] = [];
  let line = 1;
  let text: { readonly value: string; readonly line: number } | null = null;
  let key: string | null = null;
  for (const [token] of source.matchAll(TOKEN)) {
    if (token === '\n') line++;
    else if (token === '{' || token === '[') {
      open.push(key !== null);
      if (key !== null) path.push(key);
      key = null;
    } else if (token === '}' || token === ']') {
      if (open.pop() === true) path.pop();
      key = null;
    } else if (token === ',') key = null;
    else if (token !== ':') text = { value: unquoted(token), line };
    else if (text !== null) {
      const [keyword = ''] = path;
      const labels = Object.hasOwn(LABELS, keyword) ? LABELS[keyword] : undefined;
      if (labels !== undefined && path.length === labels) {
        members = new Map();
        blocks.push({ keyword, labels: [...path.slice(1), text.value], line: text.line, members });
      } else if (labels !== undefined && path.length === labels + 1 && !members.has(text.value)) members.set(text.value, text.line);
      key = text.value;
      text = null;
    }
  }
  return blocks;
}

// Names of resources and modules have no escapes; a key with one is none of them.
const unquoted = (token: string): string => token.slice(1, -1);
