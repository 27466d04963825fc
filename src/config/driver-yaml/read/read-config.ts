// `.runtask/config.yml` -> where to talk to and what it declares. Everything that is wrong is told at once: YAML, shape, secrets, and what
// does not fit together. The environment and files are arguments.
import { hasErrors, type Diagnostic } from '../../../base/diagnostics.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import { configFileSchema } from '../../../contracts/config-file.ts';
import { keysAt, valueAt, type DocumentPath } from '../../../documents/path.ts';
import { inOrder, readYaml } from '../../../documents/read-yaml.ts';
import type { SecretSource } from '../../../documents/secrets.ts';
import { readShape } from '../../../documents/shape.ts';
import type { Problem } from '../../engine/problem.ts';
import { validateConfig } from '../../engine/validate.ts';
import { UNKNOWN } from '../../engine/values.ts';
import type { Item } from '../item.ts';
import type { LoadedConfig } from '../loaded-config.ts';
import { withValues } from '../references.ts';
import { tellMistakes, withoutRepetition } from '../tell.ts';
import { expandConfig, sampleItems, type Resources } from './expand.ts';
import { checkRules } from './rules.ts';
import { readSecrets, toSettings } from './settings.ts';
import { CONFIG_WORDS, QUOTE_RULES } from './words.ts';

export type ConfigSource = SecretSource & {
  /** Name of the file, for the diagnostics. */
  readonly file: string;
};

export function readConfig(text: string, source: ConfigSource, resources: Resources): Result<LoadedConfig, Diagnostic[]> {
  const { file } = source;
  const yaml = readYaml(text, { file, called: 'The config file', mayQuote: QUOTE_RULES });
  if (!yaml.ok) return yaml;
  const { value, tell } = yaml.value;
  if (value === null)
    return err([
      tell([], 'The config file is empty', 'Write at least: version: 1, and hcp: { organization: NAME, token: { env: TFE_TOKEN } }'),
    ]);
  const shape = readShape(yaml.value, configFileSchema, CONFIG_WORDS);
  const secrets = readSecrets(yaml.value, source);
  const diagnostics = withoutRepetition([...(shape.ok ? [] : shape.error), ...secrets.diagnostics, ...checkRules(value, tell)]);
  if (!shape.ok || hasErrors(diagnostics)) return err(inOrder(diagnostics));

  const config = shape.value;
  const settings = toSettings(config, secrets);
  // What could be missing is a diagnostic: this is for the compiler.
  if (settings === null) return err([tell([], 'A secret or the host is missing', '')]);
  const from = {
    ...{ config, resources, sections: keysAt(value, []), secretAt: secrets.at },
    lineOf: (path: DocumentPath) => tell(path, '', '').line,
  };
  const loaded: LoadedConfig = {
    file,
    settings,
    secrets: secrets.all,
    needsWorkspaces: config.attachments.length > 0,
    expand: (workspaces) => expandConfig(from, workspaces),
    tell(place, { severity, summary, detail }) {
      const hide = hiding(place, valueAt(value, place));
      return { ...tell(place, hide(summary), hide(detail), isName(place) ? 'key' : 'value'), severity };
    },
  };
  const mistakes = withoutRepetition(sampleItems(from).flatMap((item) => tellMistakes(loaded, item, mistakesOf(item))));
  return hasErrors(mistakes) ? err(inOrder(mistakes)) : ok(loaded);
}

/** What the resource itself says, before anybody is asked. Its warnings come with the plan. */
const mistakesOf = (item: Item): readonly Problem[] =>
  validateConfig(
    item.resource,
    withValues(item, () => UNKNOWN),
  ).problems.filter(({ severity }) => severity === 'error');

/** Resources say what they found; of what could be a secret they may not. */
function hiding(place: DocumentPath, found: unknown): (text: string) => string {
  const texts = [...place, found].filter((one): one is string => typeof one === 'string' && one !== '' && !QUOTE_RULES.key(one));
  const forms = texts.flatMap((one) => [JSON.stringify(one).slice(1, -1), one]);
  return (text) => forms.reduce((shown, form) => shown.replaceAll(form, '…'), text);
}

/** What is called by its key stands where the key does: the map behind it may begin elsewhere. */
const isName = (place: DocumentPath): boolean => place.length === 2 && (place[0] === 'run_tasks' || place[0] === 'repositories');
