// Unpacks a .tar.gz into a fresh folder: a run's configuration, a repository with central checks. The archive is untrusted: on a
// speculative run anybody who can open a pull request wrote the configuration.
//
// Refused as a whole, with the entry's name: absolute paths, `..`, names with a backslash or NUL, links that lead out, devices,
// entries through a link, and more bytes or entries than the caller expects. Links are made last, so that no file is ever
// written through one.
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm, symlink } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import { describeThrown } from '../base/fault.ts';
import { err, ok, type Result } from '../base/result.ts';

export interface ExtractLimits {
  /** Unpacked, all files together. */
  readonly maxBytes: number;
  readonly maxEntries: number;
}

/** HCP Terraform's own archives are refused long before: its upload limit is far below 1 GiB. */
export const DEFAULT_LIMITS: ExtractLimits = { maxBytes: 1024 ** 3, maxEntries: 100_000 };

export interface Extracted {
  readonly files: number;
  readonly bytes: number;
  /** The one folder that held everything and was left out; null: not asked. */
  readonly root: string | null;
}

export interface ExtractOptions {
  readonly limits?: ExtractLimits;
  /** All entries lie in one folder, as in the archives that GitHub makes, and are unpacked without it. Any other archive is refused. */
  readonly stripRoot?: boolean;
  /** Files that were executable stay so, for their owner. Default: none is, because nothing of a configuration is to be started. */
  readonly keepExecutable?: boolean;
}

class Refused extends Error {}

/** @param folder  must not exist yet; removed again when the archive is refused
 *  @returns an error that says what was wrong with which entry, as a sentence part */
export async function extractArchive(archive: string, folder: string, options: ExtractOptions = {}): Promise<Result<Extracted, string>> {
  try {
    await mkdir(folder, { recursive: false, mode: 0o700 });
    return ok(await unpack(createReadStream(archive), folder, options));
  } catch (thrown) {
    await rm(folder, { recursive: true, force: true });
    return err(describeThrown(thrown));
  }
}

async function unpack(archive: Readable, folder: string, options: ExtractOptions): Promise<Extracted> {
  const { limits = DEFAULT_LIMITS, stripRoot = false, keepExecutable = false } = options;
  const entries = extract();
  const gunzip = createGunzip();
  const reading = pipeline(archive, gunzip, limitBytes(limits.maxBytes), entries);
  // The loop below reports what went wrong; without this, a broken archive would also be an unhandled rejection.
  reading.catch(() => undefined);

  const links = new Map<string, string>();
  let [count, files, bytes] = [0, 0, 0];
  let root: string | null = null;
  for await (const entry of entries) {
    if (++count > limits.maxEntries) throw new Refused(`it has more than ${limits.maxEntries} entries`);
    const { header } = entry;
    const whole = checkPath(header.name);
    if (stripRoot) root = rootOf(whole, root);
    const path = root === null ? whole : whole.slice(root.length + 1);
    if (path === '' && header.type !== 'directory') throw new Refused(`${quote(header.name)} stands in the place of a folder`);
    if (path === '' || header.type === 'directory') {
      entry.resume();
      if (path !== '') await mkdir(join(folder, notThroughLink(path, links)), { recursive: true });
      continue;
    }
    if (header.type === 'symlink') {
      entry.resume();
      links.set(path, checkLink(path, header));
      continue;
    }
    if (header.type !== 'file' && header.type !== 'contiguous-file')
      throw new Refused(`${quote(header.name)} is a ${header.type}, and only files, folders and symbolic links are unpacked`);
    bytes += header.size ?? 0;
    // The header's size is what tar-stream will deliver, so a bomb is refused before it is written.
    if (bytes > limits.maxBytes) throw new Refused(`it holds more than ${limits.maxBytes} bytes`);
    const target = join(folder, notThroughLink(path, links));
    await mkdir(dirname(target), { recursive: true });
    const executable = keepExecutable && ((header.mode ?? 0) & 0o100) !== 0;
    await pipeline(entry, createWriteStream(target, { mode: executable ? 0o700 : 0o600 }));
    files++;
  }
  await reading;
  for (const [path, target] of links) {
    notThroughLink(posix.dirname(path), links);
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await symlink(target, join(folder, path));
  }
  return { files, bytes, root };
}

/** Headers are bytes too: an extended header alone may claim gigabytes, which the parser would keep in memory. */
function limitBytes(maxBytes: number): Transform {
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length;
      // A file's 512-byte header and padding make an archive of many small files a little larger than its files.
      if (seen > maxBytes * 2 + 1_000_000) done(new Refused(`it unpacks to more than ${maxBytes * 2} bytes`));
      else done(null, chunk);
    },
  });
}

/** The first folder of a path; the same for all entries. */
function rootOf(path: string, known: string | null): string {
  const [root = ''] = path.split('/');
  if (root === '' || (known !== null && root !== known)) throw new Refused(`${quote(path)} does not lie in the one folder of the archive`);
  return root;
}

/** Linux takes no longer one. An extended header may hold one of 100 MB, and whoever looks at each of its folders is not done in an hour. */
const MAX_PATH = 4096;

function checkPath(name: string): string {
  if (name.length > MAX_PATH) throw new Refused(`${quote(name)}… is a path of ${name.length} characters`);
  if (name.includes('\\') || name.includes('\0')) throw new Refused(`the name ${quote(name)} has a character that no path has`);
  if (name.startsWith('/') || /^[A-Za-z]:/.test(name)) throw new Refused(`${quote(name)} is an absolute path`);
  if (name.split('/').includes('..')) throw new Refused(`${quote(name)} leads out of the folder`);
  const path = posix.normalize(name).replace(/\/+$/, '');
  return path === '.' ? '' : path;
}

function checkLink(path: string, header: Header): string {
  const target = header.linkname ?? '';
  if (target.length > MAX_PATH) throw new Refused(`the link ${quote(header.name)} is a path of ${target.length} characters`);
  const lands = posix.normalize(posix.join(posix.dirname(path), target));
  const leadsOut = target.startsWith('/') || lands === '..' || lands.startsWith('../') || climbsAfterName(target);
  if (target === '' || /[\0\\]/.test(target) || leadsOut) throw new Refused(`the link ${quote(header.name)} leads out of the folder`);
  return target;
}

/** `s/..` reads as inside, and climbs from wherever the link `s` leads. */
function climbsAfterName(target: string): boolean {
  const parts = target.split('/').filter((part) => part !== '' && part !== '.');
  const firstName = parts.findIndex((part) => part !== '..');
  return firstName !== -1 && parts.lastIndexOf('..') > firstName;
}

/** An entry below a name that is a link would land wherever the link leads. */
function notThroughLink(path: string, links: ReadonlyMap<string, string>): string {
  const parts = links.size === 0 ? [] : path.split('/');
  for (let i = 1; i <= parts.length; i++) {
    const parent = parts.slice(0, i).join('/');
    if (links.has(parent)) throw new Refused(`${quote(path)} goes through the link ${quote(parent)}`);
  }
  return path;
}

const quote = (name: string): string => JSON.stringify(name.slice(0, 120));
