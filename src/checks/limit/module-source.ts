// Where a module comes from, as Terraform reads the text, and whether it is pinned there. Pure.
// Source: HashiCorp, "Module sources" (read 2026-11-22); OpenTofu, "Module sources" for oci.

export interface ModuleSource {
  readonly kind: 'local' | 'registry' | 'git' | 'archive' | 'other';
  /** What globs may match: as written, and with the default registry. Without credentials and options. */
  readonly names: readonly string[];
  /** In a message: without credentials and options. */
  readonly shown: string;
  /** Something in it makes a glob match what it is not. */
  readonly trick: string | null;
  readonly options: URLSearchParams;
}

const HOST = String.raw`[0-9A-Za-z](?:[0-9A-Za-z-]*\.)+[0-9A-Za-z-]+(?::\d+)?`;
const REGISTRY = new RegExp(String.raw`^(?:(${HOST})/)?[0-9A-Za-z][\w-]*/[0-9A-Za-z][\w-]*/[0-9a-z]+(?://.*)?$`);
/** Short forms of repositories at these hosts; Terraform takes none of them for a registry. */
const FORGE = /^(github\.com|bitbucket\.org|gitlab\.com)\//;
const DEFAULT_REGISTRY = 'registry.terraform.io/';

export function readModuleSource(source: string): ModuleSource {
  const [location = '', ...queries] = source.split('?');
  const shown = withoutCredentials(location);
  const kind = kindOf(location);
  const registry = REGISTRY.exec(location);
  const names = kind === 'registry' && registry?.[1] === undefined ? [shown, DEFAULT_REGISTRY + shown] : [shown];
  return { kind, names, shown, trick: kind === 'local' ? null : trickOf(location), options: new URLSearchParams(queries.join('&')) };
}

/** `https://TOKEN@host/…`, `ssh://user:password@host/…`; a user alone is none: `ssh://git@host/…`. */
const withoutCredentials = (location: string): string =>
  location.replace(/^((?:\w+::)?https?:\/\/)[^/]*@/, '$1***@').replace(/(:\/\/)[^/@:]*:[^/@]*@/, '$1***@');

function kindOf(location: string): ModuleSource['kind'] {
  if (/^\.{1,2}([/\\]|$)/.test(location)) return 'local';
  if (/^git::/.test(location) || /^git@/.test(location) || /^(github\.com|bitbucket\.org)\//.test(location)) return 'git';
  if (REGISTRY.test(location) && !FORGE.test(location)) return 'registry';
  if (/^(https?|s3::https?|gcs::https?|oci):\/\//.test(location)) return 'archive';
  return 'other';
}

/**
 * git and curl take `..` out of a URL before they ask for it: `git::https://host/acme/../mallory/x` is mallory's. Some servers do so once
 * more when they have read `%2f` as a slash.
 */
const trickOf = (location: string): string | null => {
  const decoded = location.replace(/%2e/gi, '.').replace(/%2f|%5c/gi, '/');
  return /(^|[/\\])\.\.([/\\]|$)/.test(decoded) ? 'it has ".." in its path' : null;
};

/** @returns why it is not pinned, and what to write; null when it is */
export function whyNotPinned({ kind, options }: ModuleSource, version: string | null): string | null {
  switch (kind) {
    case 'local':
      return null;
    case 'registry':
      return whyOpenVersion(version);
    case 'git':
      return whyOpenRef(options);
    case 'archive':
      return /^(sha256|sha512):[0-9a-f]{64,128}$/.test(one(options, 'checksum') ?? '') ||
        /^sha256:[0-9a-f]{64}$/.test(one(options, 'digest') ?? '')
        ? null
        : 'names no checksum: write `?checksum=sha256:…`, or take it from a registry or from git';
    case 'other':
      return 'is of a form that cannot be judged: take it from a registry or from git';
  }
}

/** A version, `~> 1.2`, or something with an upper end. `>= 1.0` is whatever comes next. */
function whyOpenVersion(version: string | null): string | null {
  if (version === null) return 'names no version: write `version`';
  const isClosed = version.split(',').some((part) => /^\s*(=\s*)?v?\d/.test(part) || /^\s*(~>|<=?)\s*v?\d/.test(part));
  return isClosed ? null : `takes any newer version (${version}): write a version, or one with ~>`;
}

function whyOpenRef(options: URLSearchParams): string | null {
  if (options.getAll('ref').length > 1) return 'names several refs: write one `?ref=`';
  const ref = one(options, 'ref');
  if (ref === null || ref === '') return 'names no version: write `?ref=` with a tag or a commit';
  if (/^[0-9a-f]{40}([0-9a-f]{24})?$/.test(ref) || /^refs\/tags\/./.test(ref)) return null;
  // A branch and a tag look alike; a version number is the sign of a tag. Shorter hashes may be a branch's name.
  return !ref.startsWith('refs/') && /(^|[-_/])(v\d+(\.\d+)*|\d+(\.\d+)+)([-+.][\w.+-]+)?$/.test(ref)
    ? null
    : `names ${JSON.stringify(ref)}, which looks like a branch: write a tag with a version, or the hash of a commit`;
}

const one = (options: URLSearchParams, name: string): string | null => (options.getAll(name).length === 1 ? options.get(name) : null);
