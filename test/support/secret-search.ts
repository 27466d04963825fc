// Looks for secrets in everything that a flow left behind, in plain, URL-encoded and base64 form. Shares nothing with the code that
// hides them: it is the witness.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Name of the place -> what stands there. */
export type Places = Map<string, string>;

export function formsOf(secret: string): string[] {
  const forms = [secret, encodeURIComponent(secret), secret.replaceAll('/', '\\/')];
  // In base64 a text has three faces, by where in a group of three bytes it begins; the ends depend on the neighbours and are cut.
  for (const padding of ['', 'x', 'xx']) {
    const whole = Buffer.from(padding + secret).toString('base64');
    const middle = whole.slice(padding.length === 0 ? 0 : 4, whole.length - 4);
    forms.push(middle, middle.replaceAll('+', '-').replaceAll('/', '_'));
  }
  forms.push(Buffer.from(secret).toString('hex'));
  return [...new Set(forms.filter((form) => form.length >= 8))];
}

/** @returns `place holds name`, for each secret that was found */
export function findSecrets(places: Places, secrets: ReadonlyMap<string, string>): string[] {
  const found: string[] = [];
  for (const [name, secret] of secrets) {
    if (secret.length < 8) throw new Error(`${name} is too short to be looked for`);
    for (const form of formsOf(secret)) {
      for (const [place, text] of places) if (text.includes(form)) found.push(`${place} holds ${name}`);
    }
  }
  return [...new Set(found)];
}

/** Every file below `folder`, as latin1, so that bytes of any kind can be searched. */
export function readFiles(folder: string, name: string): Places {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    entries
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [`${name}${path.slice(folder.length)}`, readFileSync(path, 'latin1')]),
  );
}
