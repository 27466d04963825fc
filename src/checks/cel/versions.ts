// Version numbers as policies compare them: `15.4`, `1.29`, `v1.2.3-rc.1`. Pure. Not semver alone: engines and runtimes have two parts or
// four, and a library that takes `14.x` for equal to everything would let a value of the plan choose its answer.

/**
 * A part that is not there is 0; a pre-release is before its release.
 * @returns -1, 0 or 1
 * @throws Error when either is no version
 */
export function compareVersions(a: string, b: string): number {
  const left = readVersion(a);
  const right = readVersion(b);
  for (let at = 0; at < Math.max(left.numbers.length, right.numbers.length); at++) {
    const order = compare(left.numbers[at] ?? 0n, right.numbers[at] ?? 0n);
    if (order !== 0) return order;
  }
  return comparePreReleases(left.preRelease, right.preRelease);
}

interface Version {
  readonly numbers: readonly bigint[];
  /** Empty: a release. */
  readonly preRelease: readonly string[];
}

const VERSION = /^v?(\d{1,18}(?:\.\d{1,18}){0,5})(?:-([0-9A-Za-z.-]{1,100}))?(?:\+[0-9A-Za-z.-]{1,100})?$/;

export function readVersion(text: string): Version {
  const [, numbers, preRelease] = VERSION.exec(text) ?? [];
  if (numbers === undefined) throw new Error(`"${text}" is not a version such as 15.4 or v1.2.3`);
  return { numbers: numbers.split('.').map(BigInt), preRelease: preRelease?.split('.') ?? [] };
}

const compare = <T extends bigint | string>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);

/** As semver orders them: numbers before words, and by their value; fewer parts before more. */
function comparePreReleases(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return Math.sign(b.length - a.length);
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const [left, right] = [a[at], b[at]];
    if (left === undefined || right === undefined) return left === undefined ? -1 : 1;
    const numeric = [/^\d+$/.test(left), /^\d+$/.test(right)];
    const order =
      numeric[0] && numeric[1]
        ? compare(BigInt(left), BigInt(right))
        : numeric[0] === numeric[1]
          ? compare(left, right)
          : numeric[0]
            ? -1
            : 1;
    if (order !== 0) return order;
  }
  return 0;
}
