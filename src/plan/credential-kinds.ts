// Which texts look like credentials: a table of kinds, what each begins with and what must follow. Finding them in a text is
// credential-shapes.ts. No I/O.
//
// A kind is here when whoever issues it gives it a form of its own. What has none cannot be told from other text and is not here: AWS
// secret access keys without their name (40 characters of base64; the access key id beside it is public), the hexadecimal keys of Datadog
// and Twilio, passwords as such. Lengths are lenient, because vendors say that they change. Written from what they say of their formats:
//   GitHub, "Supported secret scanning patterns", docs.github.com (whose credentials have a form), read 2026-11-22
//   GitHub Changelog, "Authentication token format updates", 2021-03-31; GitHub Blog, "Announcing npm's new access token format", 2021-09-23
//   GitLab, "Token overview"; Slack, "Token types"; Stripe, "API keys"; HashiCorp Vault 1.10, "Tokens"; read 2026-11-22
//   DigitalOcean, "API token format", 2022-03-29; Shopify, "Length of the Shopify access token is increasing", 2020-04-01
//   Microsoft, "Configure Azure Storage connection strings", read 2026-11-22
//   RFC 7519 (JWT), RFC 6750 (Bearer), RFC 7617 (Basic), RFC 3986 section 3.2.1 (passwords in URLs), RFC 7468 (PEM)
import { isPlaceholder, looksMadeUp } from './credential-placeholders.ts';
import type { TextRange } from './secret-search.ts';

export interface CredentialKind {
  /** In our words, after "looks like". */
  readonly what: string;
  /** What one begins with, or can be recognised by; exact. All are looked for at once, so each must be rare in ordinary text. */
  readonly starts: readonly string[];
  /**
   * The credential at `at`, where `start` stands; null: it only looked so. What is read in vain is short, or no later start reads it
   * again: a text of nothing but starts must cost no more than its length.
   */
  readonly read: (text: string, at: number, start: string) => FoundCredential | null;
}

export interface FoundCredential {
  readonly range: TextRange;
  /** An example: nothing to withhold, and nothing in it to look at. */
  readonly isPlaceholder: boolean;
}

// Every repetition of more than one character has an end: such an expression remembers each turn, and a million lines are too much for it.

/** `start` and what `body` (sticky) matches after it are the credential, together with `lead` before it. */
function token(what: string, starts: readonly string[], body: RegExp, lead?: RegExp): CredentialKind {
  return {
    what,
    starts,
    read(text, at, start) {
      const from = lead !== undefined ? leadBefore(text, at, lead) : isBoundary(text, at) ? at : null;
      if (from === null) return null;
      const to = endOf(body, text, at + start.length);
      return to === null ? null : { range: [from, to], isPlaceholder: looksMadeUp(text.slice(at + start.length, to)) };
    },
  };
}

/** The group `secret` of `body` (sticky) is the credential; `start` says what it is. `near`: what must stand around it. */
function named(
  what: string,
  starts: readonly string[],
  body: RegExp,
  check: { near?: RegExp; is?: (secret: string) => boolean } = {},
): CredentialKind {
  return {
    what,
    starts,
    read(text, at, start) {
      body.lastIndex = at + start.length;
      const range = body.exec(text)?.indices?.groups?.['secret'];
      if (range === undefined) return null;
      if (check.near !== undefined && !check.near.test(text.slice(Math.max(0, at - NEAR), range[1] + NEAR))) return null;
      const secret = text.slice(...range);
      return isPlaceholder(secret) || check.is?.(secret) === false ? null : { range, isPlaceholder: false };
    },
  };
}

const NEAR = 300;

function endOf(body: RegExp, text: string, at: number): number | null {
  body.lastIndex = at;
  return body.test(text) ? body.lastIndex : null;
}

/** @param lead  ends in `$`; matches at most 40 characters */
function leadBefore(text: string, at: number, lead: RegExp): number | null {
  const found = lead.exec(text.slice(Math.max(0, at - 40), at))?.[0];
  return found === undefined ? null : at - found.length;
}

/** None of `word` before it, but for what ends an escape: `\nghp_…` in JSON, `%3Dghp_…` in a URL. */
function isBoundary(text: string, at: number, word = /[A-Za-z0-9]/): boolean {
  return at === 0 || !word.test(text.charAt(at - 1)) || ESCAPE_END.test(text.slice(Math.max(0, at - 6), at));
}
const ESCAPE_END = /(?:\\[bfnrt]|\\u[0-9A-Fa-f]{4}|%[0-9A-Fa-f]{2})$/;

/** Three parts, the first two of which are JSON. They may be long and hold their own start, so only the start of a run begins one. */
const WEB_TOKEN: CredentialKind = {
  what: 'a JSON web token',
  starts: ['eyJ'],
  read(text, at) {
    if (!isBoundary(text, at, /[\w-]/)) return null;
    const to = endOf(/[\w-]{10,20000}\.eyJ[\w-]{8,20000}\.[\w-]{16,2000}/y, text, at + 3);
    return to === null ? null : { range: [at, to], isPlaceholder: looksMadeUp(text.slice(at, to)) };
  },
};

/** A block from BEGIN to END; one that does not end, as far as it can be a key. */
const PRIVATE_KEY_BLOCK: CredentialKind = {
  what: 'a private key',
  starts: ['-----BEGIN'],
  read(text, at) {
    const begin = endOf(/(?:(?: |%20|\+)[A-Z0-9]+){0,2}(?: |%20|\+)PRIVATE(?: |%20|\+)KEY(?:(?: |%20|\+)BLOCK)?-----/y, text, at + 10);
    if (begin === null) return null;
    // The next line of dashes is its end, or the beginning of another.
    const next = text.indexOf('-----', begin);
    const end = next < 0 ? null : endOf(/-----END[A-Z0-9 +%]{1,60}-----/y, text, next);
    const to = end ?? endOfBody(text, begin);
    return { range: [at, to], isPlaceholder: !/[A-Za-z0-9+/]{32}/.test(text.slice(begin, end === null ? to : (next ?? to))) };
  },
};

/** As far as it can be a key; but not into the first letters of a word that goes on with something else. */
function endOfBody(text: string, begin: number): number {
  const to = endOf(/[A-Za-z0-9+/=:,\s\\-]*?(?=-----|[^A-Za-z0-9+/=:,\s\\-]|$)/y, text, begin) ?? begin;
  if (!/[\w.~@]/.test(text.charAt(to))) return to;
  const lastWord = /(?:\s|\\[nr])[A-Za-z0-9+/=:,-]*$/.exec(text.slice(begin, to));
  return lastWord === null ? to : begin + lastWord.index;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
/** Beginnings of private key blocks in base64, as kubeconfig files have them; three bytes make four characters, so the last are left out. */
const ENCODED_BLOCKS = ['', 'RSA ', 'EC ', 'DSA ', 'OPENSSH ', 'ENCRYPTED ', 'PGP '].map((kind) =>
  base64(`-----BEGIN ${kind}PRIVATE KEY`).replace(/=*$/, '').slice(0, -2),
);

const isUserAndPassword = (encoded: string): boolean =>
  /^[^\p{Cc}\ufffd]+:[^\p{Cc}\ufffd]+$/u.test(Buffer.from(encoded, 'base64').toString());

const RUN = /[\w-]{20,1000}/y;
const LONG_RUN = /[\w.-]{30,2000}[\w-]/y;
const ALNUM = /[A-Za-z0-9]{30,255}/y;
const HEX = /[0-9A-Fa-f]{32,128}/y;

export const CREDENTIAL_KINDS: readonly CredentialKind[] = [
  PRIVATE_KEY_BLOCK,
  token('a private key', ENCODED_BLOCKS, /[A-Za-z0-9+/_-]{32,20000}(?:(?:\r?\n|\\n)[A-Za-z0-9+/_-]{4,1000}){0,2000}={0,2}/y),
  // DER in base64: the version and the algorithm of PKCS #8, the version and a modulus of PKCS #1 (RFC 5958, RFC 8017).
  token(
    'a private key',
    ['IBADANBgkqhkiG9w0BAQEFAAS', 'IBAAKCAQEA', 'IBAAKCAgEA'],
    /[A-Za-z0-9+/]{40,20000}(?:\r?\n[A-Za-z0-9+/]{1,100}(?=[\s="'\\,})\]]|$)){0,2000}={0,2}/y,
    /MII[A-Za-z0-9+/]{2,3}$/,
  ),
  // Elliptic curves, which are short: SEC 1 and PKCS #8 of P-256 and P-384, PKCS #8 of Ed25519 (RFC 5915, RFC 8410).
  token(
    'a private key',
    ['MHcCAQEEI', 'MIGkAgEBBD', 'MIGHAgEAMBMGByqGSM49', 'MIG2AgEAMBAGByqGSM49', 'MC4CAQAwBQYDK2VwBCIEI'],
    /[A-Za-z0-9+/]{40,400}={0,2}/y,
  ),
  // RFC 7517: `d` is what only the owner has, and one of the others stands beside it.
  named('a private key', ['"d"', '"d\\'], /\\{0,8}"?\s{0,4}:\s{0,4}\\{0,8}"(?<secret>[\w-]{30,1400})\\{0,8}"/dy, {
    near: /"(?:kty|crv|e|dp|qi)\\{0,8}"/,
  }),
  token('a private key', ['PuTTY-User-Key-File-'], /\d:[^]*?(?:Private-MAC: ?[0-9a-f]+|$)/y),
  token('an age key', ['AGE-SECRET-KEY-'], /[A-Z0-9-]{50,5000}/y),
  WEB_TOKEN,

  token('a GitHub token', ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_'], LONG_RUN),
  token(
    'a GitLab token',
    [
      'glpat-',
      'gloas-',
      'gldt-',
      'glrt-',
      'glrtr-',
      'glcbt-',
      'glptt-',
      'glft-',
      'glimt-',
      'glagent-',
      'glwt-',
      'glsoat-',
      'glffct-',
      'GR1348941',
    ],
    /[\w.-]{19,255}[\w-]/y,
  ),
  token('an Atlassian token', ['ATATT3', 'ATCTT3'], /[\w=-]{50,1000}/y),
  token('a Bitbucket app password', ['ATBB'], ALNUM),
  token('an npm token', ['npm_'], ALNUM),
  named('a token of a package registry', ['_authToken='], /"?(?<secret>[\w.+/~=-]{16,2000})/dy),
  token('a PyPI token', ['pypi-AgEIcHlwaS5vcmc', 'pypi-AgENdGVzdC5weXBpLm9yZw'], LONG_RUN),
  token('a RubyGems key', ['rubygems_'], HEX),
  token('a Docker Hub token', ['dckr_pat_', 'dckr_oat_'], RUN),
  token('a Pulumi token', ['pul-'], /[0-9a-f]{40}/y),
  token('an HCP Terraform token', ['.atlasv1.'], /[A-Za-z0-9]{40,255}/y, /[A-Za-z0-9]{14}$/),
  token('a Vault token', ['hvs.', 'hvb.', 'hvr.'], /[\w-]{24,2000}/y),

  token('a Google API key', ['AIza'], /[\w-]{35}/y),
  token('a Google OAuth client secret', ['GOCSPX-'], RUN),
  token('a Google access token', ['ya29.'], LONG_RUN),
  token('a Microsoft Entra client secret', ['Q~'], /[\w.~-]{31,34}/y, /[\w.~-]{3}\d$/),
  named(
    'an Azure access key',
    ['AccountKey=', 'SharedAccessKey=', 'accountkey=', 'sharedaccesskey='],
    /(?<secret>[A-Za-z0-9+/%]{40,200}={0,2})/dy,
  ),
  named('a shared access signature', ['sig='], /(?<secret>[A-Za-z0-9+/%_-]{40,200}={0,2})/dy, { near: /[?&;](?:sv|se|sp|sr|skn)=/ }),
  named('the signature of a signed URL', ['X-Amz-Signature=', 'X-Goog-Signature='], /(?<secret>[0-9a-f]{64,1024})/dy),
  token('an AWS session token', ['IQoJb3JpZ2lu', 'FwoGZXIvYXdz'], /[A-Za-z0-9+/]{80,4000}={0,2}/y),
  token('an Amazon Bedrock key', ['ABSK'], /[A-Za-z0-9+/]{100,300}={0,2}/y),
  named(
    'an AWS secret access key',
    ['secret_access_key', 'SECRET_ACCESS_KEY', 'secretAccessKey', 'SecretAccessKey'],
    /[\\"']{0,32}\s{0,4}(?:[:=]\s{0,4}|,\s{0,4}[\\"']{1,32}[Vv]alue[\\"']{1,32}\s{0,4}[:=]\s{0,4})[\\"']{0,32}(?<secret>[A-Za-z0-9+/]{40})(?![A-Za-z0-9+/])/dy,
    { is: (key) => !looksMadeUp(key) },
  ),
  token('a DigitalOcean token', ['dop_v1_', 'doo_v1_', 'dor_v1_'], HEX),
  token('a Databricks token', ['dapi'], /[0-9a-f]{32}(?:-\d)?/y),
  token('a PlanetScale credential', ['pscale_tkn_', 'pscale_pw_', 'pscale_oauth_'], RUN),
  token('a Supabase key', ['sbp_', 'sb_secret_'], RUN),
  token('a Tailscale key', ['tskey-'], RUN),
  token('a Fly.io token', ['fm1r_', 'fm2_'], /[A-Za-z0-9+/=_-]{60,4000}/y),

  token('a Slack token', ['xoxd-'], /[\w%-]{20,1000}/y),
  token('a Slack token', ['xoxb-', 'xoxc-', 'xoxp-', 'xoxa-', 'xoxr-', 'xoxs-', 'xoxe-', 'xoxe.', 'xapp-', 'xwfp-'], RUN),
  named('the address of a Slack webhook', ['hooks.slack.com/'], /(?:services|workflows|triggers)\/(?<secret>[\w/-]{20,200})/dy),
  named(
    'the address of a Discord webhook',
    ['discord.com/api/webhooks/', 'discordapp.com/api/webhooks/'],
    /\d{15,25}\/(?<secret>[\w-]{40,200})/dy,
  ),
  named('the address of a Teams webhook', ['.webhook.office.com/webhookb2/'], /(?<secret>[\w@/-]{40,400})/dy),
  token('a Telegram bot token', [':AA'], /[\w-]{33}/y, /\d{8,12}$/),
  token('a SendGrid key', ['SG.'], /[\w-]{16,64}\.[\w-]{20,128}/y),
  token('a Stripe key', ['sk_live_', 'rk_live_'], /[A-Za-z0-9_]{20,255}/y),
  token('a signing secret of webhooks', ['whsec_'], /[A-Za-z0-9+/]{24,255}={0,2}/y),
  token('a Shopify token', ['shpat_', 'shpca_', 'shppa_', 'shpss_', 'shpua_'], HEX),
  token('an Anthropic key', ['sk-ant-'], RUN),
  token('an OpenAI key', ['sk-proj-', 'sk-svcacct-', 'sk-admin-'], RUN),
  token('an API key', ['sk-or-v1-', 'sk-'], ALNUM),
  token('a Hugging Face token', ['hf_'], ALNUM),
  token('an API key', ['gsk_', 'xai-', 'pplx-', 'r8_'], ALNUM),
  token('a Grafana token', ['glsa_', 'glc_'], /[A-Za-z0-9_+/]{32,400}={0,2}/y),
  token('a New Relic key', ['NRAK-'], /[A-Z0-9]{27}/y),
  token('a Sentry token', ['sntrys_', 'sntryu_'], /[\w+/=-]{40,1000}/y),
  token('a Dynatrace token', ['dt0c01.', 'dt0s01.', 'dt0s16.'], /[A-Z0-9]{24}\.[A-Z0-9]{64}/y),
  token('a Doppler token', ['dp.pt.', 'dp.st.', 'dp.ct.', 'dp.sa.', 'dp.scim.', 'dp.audit.'], LONG_RUN),
  token('a Postman key', ['PMAK-'], LONG_RUN),
  token('a 1Password token', ['ops_eyJ'], /[\w-]{100,4000}={0,2}/y),
  token('a SonarQube token', ['squ_', 'sqp_', 'sqa_'], /[0-9a-f]{40}/y),
  token('a JFrog token', ['AKCp', 'cmVmdGtuOj'], /[A-Za-z0-9]{50,100}/y),
  token('a CircleCI token', ['CCIPAT_', 'CCIPRJ_'], /[A-Za-z0-9]{10,40}_[0-9a-f]{40}/y),
  token('a Buildkite token', ['bkua_'], /[0-9a-f]{40}/y),
  token('a Heroku token', ['HRKU-'], /[\w-]{36,100}/y),
  token('a Notion token', ['ntn_'], ALNUM),
  token('a Figma token', ['figd_'], RUN),
  token('a Brevo key', ['xkeysib-'], /[0-9a-f]{64}-[A-Za-z0-9]{8,32}/y),
  token('a Linear key', ['lin_api_', 'lin_oauth_'], ALNUM),

  // Up to the last @ before a path, so that an @ in a password does not end it. A digest after an @ is an image's (repository:tag@sha256:…).
  named('a password in a URL', ['://'], /[^\s/?#:@"'<>\\]{0,200}:(?<secret>(?:[^\s/?#"'<>]|'(?![\s,;:)\]}])){1,1000})@(?!sha\d)/dy),
  named(
    'a credential in a URL',
    ['?password=', '&password=', '?access_token=', '&access_token=', '&client_secret='],
    /(?<secret>[^\s&#"'<>\\]{8,1000})/dy,
  ),
  named('a bearer token', ['Bearer ', 'bearer ', 'Bearer%20'], /(?<secret>[\w.~+/-]{16,4000}={0,2})/dy, {
    is: (secret) => /\d/.test(secret) && !looksMadeUp(secret),
  }),
  named('a user and a password', ['Basic ', 'basic ', 'Basic%20'], /(?<secret>[A-Za-z0-9+/]{8,1000}={0,2})/dy, { is: isUserAndPassword }),
  // Docker's config.json, which clusters pull images with.
  named(
    'a user and a password',
    ['"auth"', '"auth\\'],
    /\\{0,8}"?\s{0,4}:\s{0,4}\\{0,8}"(?<secret>[A-Za-z0-9+/]{8,4000}={0,2})\\{0,8}"/dy,
    { is: isUserAndPassword },
  ),
  named(
    'a password in a connection string',
    ['Password=', 'password=', 'PASSWORD=', 'Pwd=', 'pwd='],
    /(?<secret>\\?"[^"\\]{1,200}\\?"|'[^']{1,200}'|(?:[^;"\\\n]|\\(?!["nrt\\])){1,200}(?=;)|(?:[^\s;,"\\]|\\(?!["nrt\\])|,(?!\s|\w+=)){1,200})/dy,
    {
      near: /(?:^|[\s;,"'])(?:server|host|data source|addr|address|user id|uid|user|username|database|dbname|initial catalog|endpoint|ssl)=/i,
    },
  ),
];
