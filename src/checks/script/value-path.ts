// A path into a value as authors write it: `acl`, `ingress[0].cidr_blocks`, `tags["a:b"]`. Pure.
import type { ValuePath } from '../../plan/model.ts';

const STEP = /\.?([A-Za-z_][\w-]*)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]/y;

/** @throws TypeError when it is no path: a slip would otherwise name nothing, and nothing is never unknown */
export function parseValuePath(text: string): ValuePath {
  const steps: (string | number)[] = [];
  let at = 0;
  while (at < text.length) {
    STEP.lastIndex = at;
    const match = STEP.exec(text);
    // A name in the middle follows a dot, the first one does not.
    if (match === null || (match[1] !== undefined && match[0].startsWith('.') === (at === 0)))
      throw new TypeError(`Not a path: ${text}. Write it like \`acl\`, \`ingress[0].cidr_blocks\` or \`tags["a:b"]\``);
    const [whole, name, index, key] = match;
    steps.push(name ?? (index === undefined ? (JSON.parse(`"${key ?? ''}"`) as string) : Number(index)));
    at += whole.length;
  }
  return steps;
}
