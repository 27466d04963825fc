// Where the config tool talks to and with what: the tokens and keys that the file names, read. No I/O of its own.
import type { Diagnostic } from '../../../base/diagnostics.ts';
import type { ConfigFile } from '../../../contracts/config-file.ts';
import { keysAt, type DocumentPath } from '../../../documents/path.ts';
import type { YamlDocument } from '../../../documents/read-yaml.ts';
import { checkHmacKey, createSecretReader, type SecretSource } from '../../../documents/secrets.ts';
import type { Settings } from '../loaded-config.ts';
import { toHost } from './urls.ts';

export interface Secrets {
  readonly diagnostics: readonly Diagnostic[];
  readonly all: readonly string[];
  /** @returns null when the file names none there, or it is not good */
  at(path: DocumentPath): string | null;
}

/** Reads from the raw value, so that a file with one misspelled key still tells that a secret is missing. */
export function readSecrets(document: YamlDocument, source: SecretSource): Secrets {
  const reader = createSecretReader(document, source, 'where runtask is started');
  const { value } = document;
  const found = new Map<string, string>();
  const read = (path: DocumentPath, check?: (secret: string) => string | null): void => {
    const secret = reader.read(path, check);
    if (secret !== null) found.set(JSON.stringify(path), secret);
  };
  read(['hcp', 'token'], checkToken);
  read(['github', 'token'], checkToken);
  read(['relay', 'hmac_key'], checkHmacKey);
  for (const name of keysAt(value, ['run_tasks'])) read(['run_tasks', name, 'hmac_key'], checkHmacKey);
  for (const repository of keysAt(value, ['repositories']))
    for (const name of keysAt(value, ['repositories', repository, 'secrets'])) read(['repositories', repository, 'secrets', name, 'value']);
  return {
    diagnostics: reader.diagnostics,
    all: [...new Set(found.values())],
    at: (path) => found.get(JSON.stringify(path)) ?? null,
  };
}

/** A header would refuse it, in words that quote it. */
const checkToken = (token: string): string | null =>
  /^[\x21-\x7e]+$/.test(token) ? null : 'It holds a space, a line break or another character that no token has. Copy it again';

/** @returns null when a token is missing; then there is a diagnostic */
export function toSettings(config: ConfigFile, secrets: Secrets): Settings | null {
  const host = toHost(config.hcp.hostname);
  const token = secrets.at(['hcp', 'token']);
  const githubToken = secrets.at(['github', 'token']);
  if (!('url' in host) || token === null || (config.github !== undefined && githubToken === null)) return null;
  return {
    hcp: { ...host, organization: config.hcp.organization, token },
    github:
      config.github === undefined || githubToken === null
        ? null
        : { apiUrl: config.github.api_url.replace(/\/+$/, ''), token: githubToken },
  };
}
