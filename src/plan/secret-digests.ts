// Knows a digest of a marked value when it stands beside it: local_file shows content_sha256 of a sensitive content, and whoever can
// guess a password can check the guess against it. No I/O.
import { createHash } from 'node:crypto';

/** What Terraform's own functions and the common providers compute: filemd5(), sha1(), base64sha256(), content_base64sha512, … */
const ALGORITHMS = ['md5', 'sha1', 'sha256', 'sha512'] as const;

const HEX = /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128})$/i;
const BASE64 = /^(?:[A-Za-z0-9+/]{22}==|[A-Za-z0-9+/]{27}=|[A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{86}==)$/;
/** As images and object stores write it: `sha256:…`, `"…"`. */
const PREFIX = /^"?(?:(?:md5|sha1|sha256|sha512)[:=-])?/i;
// 48 bits fit a number exactly; among a million digests a foreign one is taken for ours once in 280 million times.
const BYTES_KEPT = 6;

export interface DigestFinder {
  /** Is the whole text a digest of a marked value? */
  isDigest(text: string): boolean;
}

export function createDigestFinder(secrets: Iterable<string>): DigestFinder {
  // Only a plan that shows something like a digest pays for them.
  let digests: ReadonlySet<number> | null = null;
  return {
    isDigest(shown) {
      const text = shown.replace(PREFIX, '').replace(/"$/, '');
      if (text.length < 24 || text.length > 128) return false;
      const encoding = HEX.test(text) ? 'hex' : BASE64.test(text) ? 'base64' : null;
      if (encoding === null) return false;
      digests ??= digestsOf(secrets);
      return digests.has(Buffer.from(text, encoding).readUIntBE(0, BYTES_KEPT));
    },
  };
}

function digestsOf(secrets: Iterable<string>): Set<number> {
  const digests = new Set<number>();
  for (const secret of secrets) {
    for (const algorithm of ALGORITHMS) digests.add(createHash(algorithm).update(secret).digest().readUIntBE(0, BYTES_KEPT));
  }
  return digests;
}
