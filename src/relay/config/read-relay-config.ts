// relay.yml -> what the relay runs on. Everything that is wrong is told at once: YAML, shape, secrets, and what does not fit together.
import { hasErrors, type Diagnostic } from '../../base/diagnostics.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { relayConfigSchema, type RelayConfig, type TaskConfig } from '../../contracts/relay-config.ts';
import { keysAt, valueAt, type DocumentPath } from '../../documents/path.ts';
import { inOrder, readYaml, type Tell } from '../../documents/read-yaml.ts';
import { checkHmacKey, createSecretReader, type SecretSource } from '../../documents/secrets.ts';
import { readShape } from '../../documents/shape.ts';
import { isLoopback } from '../../hcp/hosts.ts';
import { deriveGithubUrls } from './github-urls.ts';
import type { ResolvedIdentity, ResolvedRelayConfig, ResolvedTask } from './resolved.ts';
import { checkEncryptionKey, checkJwk, checkPrivateKey, toKeyBytes } from './secrets.ts';
import { RELAY_WORDS } from './words.ts';

export type ConfigSource = SecretSource & {
  /** Name of the file, for the diagnostics. */
  readonly file: string;
};

export function readRelayConfig(yamlText: string, source: ConfigSource): Result<ResolvedRelayConfig, readonly Diagnostic[]> {
  // A secret pasted into it is the likeliest mistake of all: nothing of it is repeated.
  const yaml = readYaml(yamlText, { file: source.file, called: 'relay.yml', mayQuote: false });
  if (!yaml.ok) return yaml;
  const { value, tell } = yaml.value;
  const shape = readShape(yaml.value, relayConfigSchema, RELAY_WORDS);
  const diagnostics: Diagnostic[] = shape.ok ? [] : [...shape.error];

  // Secrets are read from the raw value, so that a file with one misspelled key still tells that a secret is missing.
  const secrets = createSecretReader(yaml.value, source, 'where the relay is started');
  const secret = secrets.read;
  const encryptionKey = secret(['encryption_key'], checkEncryptionKey);
  const signingKey = secret(['signing_key'], checkJwk('Ed25519', 'private'));
  const privateKey = secret(['github', 'private_key'], checkPrivateKey);
  const token = secret(['github', 'token']);
  const tasks = keysAt(value, ['tasks']).map((name) => ({
    name,
    hmacKeys: keysAt(value, ['tasks', name, 'hmac_keys'])
      .map((index) => secret(['tasks', name, 'hmac_keys', Number(index)], checkHmacKey))
      .filter((key) => key !== null),
    sealPublicKey: secret(['tasks', name, 'seal_public_key'], checkJwk('X25519', 'public')),
  }));
  diagnostics.push(...secrets.diagnostics, ...checkMeaning(value, tell));
  if (!shape.ok || hasErrors(diagnostics)) return err(inOrder(diagnostics));

  const config = shape.value;
  const identity = toIdentity(config, privateKey, token);
  const key = encryptionKey === null ? null : toKeyBytes(encryptionKey);
  // Both are required by the schema, and a secret that could not be read is a diagnostic: this is for the compiler.
  if (identity === null || key === null) return err([tell([], 'A secret is missing', '')]);
  return ok({
    publicUrl: config.public_url,
    listen: config.listen,
    admin: config.admin ?? null,
    store: config.store,
    encryptionKey: key,
    signingKey,
    github: { identity, ...deriveGithubUrls(config.github) },
    tasks: Object.fromEntries(tasks.map((task) => [task.name, toTask(config.tasks[task.name], task)])),
  });
}

function toTask(config: TaskConfig | undefined, secrets: Pick<ResolvedTask, 'name' | 'hmacKeys' | 'sealPublicKey'>): ResolvedTask {
  if (config === undefined) throw new Error(`task ${secrets.name} vanished`);
  const { hmac_keys: _keys, seal_public_key: _key, ...rest } = config;
  return { ...rest, ...secrets };
}

function toIdentity({ github }: RelayConfig, privateKey: string | null, token: string | null): ResolvedIdentity | null {
  if (token !== null) return { kind: 'token', token };
  if (github.app_id === undefined || privateKey === null) return null;
  return { kind: 'app', appId: String(github.app_id), privateKeyPem: privateKey };
}

/** What the schema cannot see: parts that do not fit together. Looks at the raw value, because the shape may be wrong elsewhere. */
function checkMeaning(value: unknown, tell: Tell): Diagnostic[] {
  const found: Diagnostic[] = [];
  const at = (...path: DocumentPath): unknown => valueAt(value, path);
  const checkHttps = (path: DocumentPath, why: string): void => {
    const text = valueAt(value, path);
    if (typeof text !== 'string' || !URL.canParse(text)) return;
    const url = new URL(text);
    if (url.protocol === 'http:' && !isLoopback(url.hostname)) found.push(tell(path, `"${String(path.at(-1))}" must be https`, why));
    if (url.search !== '' || url.hash !== '' || url.username !== '')
      found.push(tell(path, `"${String(path.at(-1))}" must be a plain URL`, 'Without user name, query or fragment'));
  };
  checkHttps(['public_url'], 'Tickets and session tokens travel to it. Plain http is for loopback only');
  checkHttps(['github', 'api_url'], 'The relay’s GitHub token travels to it');
  checkHttps(['github', 'web_url'], 'Links for people are made of it');
  keysAt(value, ['github', 'oidc_issuers']).forEach((index) =>
    checkHttps(['github', 'oidc_issuers', Number(index)], 'Whoever answers for it decides which job may claim'),
  );
  const store = at('store');
  if (typeof store === 'string' && /^postgres(ql)?:/.test(store))
    found.push(tell(['store'], 'PostgreSQL is not supported yet', 'Write a folder for the embedded store: ./data'));

  for (const name of keysAt(value, ['tasks'])) {
    if (at('tasks', name, 'transport') === 'sealed') {
      if (at('signing_key') === undefined)
        found.push(
          tell(['tasks', name, 'transport'], 'A sealed task needs `signing_key`', 'Write it at the top level; `runtask keys` makes it'),
        );
      if (at('tasks', name, 'seal_public_key') === undefined)
        found.push(
          tell(
            ['tasks', name, 'transport'],
            'A sealed task needs `seal_public_key`',
            'The repository’s public key; `runtask keys` makes it',
          ),
        );
    }
    const routes = keysAt(value, ['tasks', name, 'routes']).map(Number);
    const catchAll = routes.find(
      (index) =>
        at('tasks', name, 'routes', index, 'workspaces') === undefined && at('tasks', name, 'routes', index, 'stages') === undefined,
    );
    if (catchAll !== undefined && catchAll < routes.length - 1)
      found.push(
        tell(
          ['tasks', name, 'routes', catchAll + 1],
          `Route ${catchAll + 2} is never reached`,
          `Route ${catchAll + 1} takes every workspace in every stage, and the first route that fits is used. Put it last, or give it \`workspaces\``,
        ),
      );
  }
  return found;
}
