// An address's modules by name, for finding their calls in the configuration. Pure.

/** `module.a["x.y"].module.b[0]` → `["a", "b"]`; null when it is no module address. Empty: the root module. */
export function moduleNames(address: string): string[] | null {
  const names: string[] = [];
  let rest = address;
  while (rest !== '') {
    const match = STEP.exec(rest);
    if (match === null) return null;
    names.push(match[1] ?? '');
    rest = rest.slice(match[0].length);
  }
  return names;
}

// Instance keys are numbers or strings, in which quotes and backslashes are escaped.
const STEP = /^module\.([^.[\]"]+)(?:\[(?:\d+|"(?:[^"\\]|\\.)*")\])?(?:\.(?=module\.)|$)/;
