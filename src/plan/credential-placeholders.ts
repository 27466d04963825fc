// Tells a credential from what stands in its place: an example, a reference, a gap to be filled in. No I/O.
//
// A wrong "placeholder" shows a secret, a wrong "credential" hides an example. So only what nobody could have been given counts as a
// placeholder: random characters do not spell these words, do not count up and do not repeat themselves.
import { isCommon } from './secret-values.ts';

/** The random part of a token: is it spelled out by a person? */
export function looksMadeUp(token: string): boolean {
  const beginning = token.slice(0, LOOKED_AT);
  return new Set(beginning).size <= FEW || MADE_UP.test(beginning);
}

// Sixteen random hexadecimal digits have 6 different ones or fewer once in 1,700 times; documented tokens have twice as many at least.
const FEW = 6;
// In a thousand random characters, anything is spelled somewhere.
const LOOKED_AT = 64;
const MADE_UP = /example|placeholder|redacted|changeme|change[-_]me|x{5}|your[-_]|[-_]here\b|\.\.\.|0123456789|1234567890|abcdefgh/i;

/** A password, which may be any text: is it a word for one, or a reference to one? */
export function isPlaceholder(password: string): boolean {
  const plain = password.replace(/^(?:\\?["'])+|(?:\\?["'])+$/g, '');
  return plain.length < MIN_PASSWORD || isCommon(plain) || WORDS.test(plain) || REFERENCE.test(plain);
}

/** Shorter ones cannot be told from flags and counters. */
const MIN_PASSWORD = 4;

const WORDS = new RegExp(
  [
    String.raw`^[*x•._#?-]+$`,
    String.raw`^(?:(?:\w{1,30}\.)+\w{0,30}|(?:your|my|the|some|db|user|admin|root|example|test|new|old)[-_ ]?)?(?:password|passwd|pass|passphrase|pwd|pw|secret|token|key|credentials?)(?:[-_ ]?here)?[),\]]*$`,
    String.raw`^(?:example|placeholder|redacted|hidden|masked|dummy|none|null|nil|undefined|empty|changeme|change[-_]?(?:me|it)|replace[-_]?me|todo|fixme)$`,
    // What the masker left behind the first time.
    String.raw`^\((?:sensitive|withheld|known)`,
  ].join('|'),
  'i',
);

// ${var.x}, $(cmd), {{ .Values.x }}, <password>, [password], {password}, $PASSWORD, %PASSWORD%, %s, __PASSWORD__, @Microsoft.KeyVault(…)
const REFERENCE = /\$\{|\$\(|\{\{|^<.*>?$|^\[.*\]?$|^\{.*\}?$|^\$\w+$|^%[\w()]+%?$|^__\w+__$|^@Microsoft\.KeyVault\(/;
