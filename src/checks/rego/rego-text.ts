// What can be told of a policy by its text: its package, and which rules of conftest's conventions it may have. Pure.
//
// Neither opa nor conftest lists the rules of a package without evaluating everything in it, helpers and tests too. So rules are asked by
// name, and the names come from here. Too many do no harm (a rule that does not exist is undefined), one too few would be a silent pass.
// Therefore whatever may be a rule's name counts: anywhere in the code, and at the beginning of a line even where a string seems to stand.

export interface PolicyText {
  /** `["terraform", "aws"]`; null: no package clause was found, which the engine will call an error. */
  readonly package: readonly string[] | null;
  /** `deny`, `warn_tags`, …: may be rules. */
  readonly mentioned: ReadonlySet<string>;
  /** Those that stand where rules are defined: at the beginning of a line. */
  readonly defined: ReadonlySet<string>;
  readonly hasException: boolean;
}

// The names that conftest knows (conftest 0.69, policy/engine.go, read 2026-11). What a parenthesis follows is a function.
const RULE = '(?:deny|violation|warn)(?:_[A-Za-z0-9]+)*';
const MENTIONED = new RegExp(`(?<![\\w.])(${RULE})\\b(?!\\s*\\()`, 'g');
const DEFINED = new RegExp(`^(?:default[ \\t]+)?(${RULE})\\b(?!\\s*\\()`, 'gm');
const PACKAGE = /^\s*package\s+([A-Za-z_]\w*)((?:\s*\.\s*[A-Za-z_]\w*|\s*\[\s*"(?:\\.|[^"\\\n])*"\s*\])*)/;
const SEGMENT = /\.\s*([A-Za-z_]\w*)|("(?:\\.|[^"\\\n])*")/g;

export function readPolicyText(text: string): PolicyText {
  const code = withoutComments(text, () => '""');
  const defined = new Set([...namesIn(DEFINED, code), ...namesIn(DEFINED, text)]);
  return {
    package: packageOf(text),
    mentioned: new Set([...namesIn(MENTIONED, code), ...defined]),
    defined,
    hasException: /(?<![\w.])exception\b/.test(code),
  };
}

/**
 * The first call of one of these functions, as written; null: none. For engines that cannot be told what a policy may call.
 * @param functions  such as `http.send`
 */
export function findCall(text: string, functions: readonly string[]): { readonly name: string; readonly line: number } | null {
  const code = withoutComments(text, () => '""');
  for (const name of functions) {
    const at = code.search(new RegExp(`(?<![\\w.])${name.replace('.', '\\s*\\.\\s*')}\\b`));
    if (at >= 0) return { name, line: code.slice(0, at).split('\n').length };
  }
  return null;
}

const READ = /(?<![\w.])input((?:\s*\.\s*[A-Za-z_]\w*)+)/g;

/** What is read of `input` under its own name, such as `["run", "workspace", "name"]`. Where an import gives it another, up to there. */
export function readsOfInput(text: string): { readonly path: readonly string[]; readonly line: number }[] {
  const code = withoutComments(text, () => '""');
  return [...code.matchAll(READ)].map(({ 1: path = '', index }) => ({
    path: path
      .split('.')
      .slice(1)
      .map((key) => key.trim()),
    line: code.slice(0, index).split('\n').length,
  }));
}

const namesIn = (pattern: RegExp, text: string): string[] => [...text.matchAll(pattern)].map(([, name = '']) => name);

/** Line breaks stay, so that lines can be counted. */
const withoutComments = (text: string, ofString: (literal: string) => string): string =>
  text
    .replace(/^\uFEFF/, '')
    .replace(/#[^\n]*|"(?:\\.|[^"\\\n])*"|`[^`]*`/g, (found) =>
      found.startsWith('#') ? ' ' : `${ofString(found)}${'\n'.repeat(found.split('\n').length - 1)}`,
    );

function packageOf(text: string): string[] | null {
  const [, first, rest = ''] = PACKAGE.exec(withoutComments(text, (literal) => literal)) ?? [];
  if (first === undefined) return null;
  const segments = [first];
  for (const [, name, quoted = '""'] of rest.matchAll(SEGMENT)) {
    try {
      segments.push(name ?? String(JSON.parse(quoted)));
    } catch {
      // An escape that only Rego knows. The engine says what is wrong with the file, if anything is.
      return null;
    }
  }
  return segments;
}
