// Reads the secrets that a file names. A text about a secret names its place, never its value. No I/O of its own.
import type { Diagnostic } from '../base/diagnostics.ts';
import { describeThrown } from '../base/fault.ts';
import { looksLikeSecret } from './looks-like-secret.ts';
import { valueAt, type DocumentPath } from './path.ts';
import type { YamlDocument } from './read-yaml.ts';

export interface SecretSource {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** @throws when the file cannot be read */
  readonly readFile: (path: string) => string;
}

export interface SecretReader {
  /**
   * @returns null when there is none at this place, or when it is not good; then there is a diagnostic, unless the shape is wrong, which
   *          the schema tells
   */
  read(path: DocumentPath, check?: (secret: string) => string | null): string | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Shorter keys can be tried out offline by anybody who has seen one signed post. */
const MIN_HMAC_LENGTH = 16;

export const checkHmacKey = (secret: string): string | null =>
  secret.length < MIN_HMAC_LENGTH
    ? `It has ${secret.length} characters, ${MIN_HMAC_LENGTH} are the least; \`openssl rand -hex 32\` makes a good one`
    : null;

/** @param setItWhere  the place of an environment variable, in words: `where the relay is started` */
export function createSecretReader(document: YamlDocument, source: SecretSource, setItWhere: string): SecretReader {
  const diagnostics: Diagnostic[] = [];

  function fetchText(ref: SecretRef, no: (summary: string, detail: string) => null): string | null {
    if ('env' in ref) {
      const text = Object.hasOwn(source.env, ref.env) ? source.env[ref.env] : undefined;
      return text ?? no(`${upper(placeOf(ref))} is not set`, `Set it ${setItWhere}`);
    }
    try {
      return source.readFile(ref.file);
    } catch (thrown) {
      // The world's words repeat the name of the file.
      return no(
        `The secret file${mayName(ref.file) ? ` ${ref.file}` : ''} cannot be read`,
        mayName(ref.file) ? describeThrown(thrown) : '',
      );
    }
  }

  return {
    diagnostics,
    read(path, check = () => null) {
      const ref = toSecretRef(valueAt(document.value, path));
      if (ref === null) return null;
      const no = (summary: string, detail: string): null => {
        diagnostics.push(document.tell(path, summary, detail));
        return null;
      };
      const text = fetchText(ref, no);
      if (text === null) return null;
      // Editors and `echo` end a file with a newline that is not part of the secret.
      const secret = text.replace(/(\r?\n)+$/, '');
      if (secret === '') return no(`The secret in ${placeOf(ref)} is empty`, 'Put the secret there');
      const problem = check(secret);
      return problem === null ? secret : no(`The secret in ${placeOf(ref)} cannot be used`, problem);
    },
  };
}

type SecretRef = { readonly env: string } | { readonly file: string };

/** One key, and no other: as the schema has it. */
function toSecretRef(found: unknown): SecretRef | null {
  if (typeof found !== 'object' || found === null || Array.isArray(found)) return null;
  const [entry, second] = Object.entries(found);
  if (entry === undefined || second !== undefined || typeof entry[1] !== 'string' || entry[1] === '') return null;
  return entry[0] === 'env' ? { env: entry[1] } : entry[0] === 'file' ? { file: entry[1] } : null;
}

/** A secret in the place of its name is the likeliest mistake of all. */
const mayName = (name: string): boolean => name.split('/').every((part) => part === '' || !looksLikeSecret(part));

function placeOf(ref: SecretRef): string {
  if ('env' in ref) return mayName(ref.env) ? `the environment variable ${ref.env}` : 'the environment variable that is named here';
  return mayName(ref.file) ? ref.file : 'the file that is named here';
}

const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
