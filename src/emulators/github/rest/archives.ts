// A repository at a commit as a .tar.gz: the API redirects to another host, whose URL holds a token of its own for five minutes.
//
// Source: docs.github.com, "Download a repository archive (tar)" (read 2026-11-22). The archive is what `git archive` writes: one root
// folder OWNER-NAME-COMMIT, the commit shortened to seven digits, and the whole commit as a comment in front.
import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { type Answer, notFound, unauthorized } from '../answers.ts';
import type { Commit, Repository } from '../model.ts';
import { repositoryRoute, type Request, type Route } from '../router.ts';
import type { World } from '../world.ts';
import { resolveRef } from './statuses.ts';

const LIFE_MS = 5 * 60_000;
export const ARCHIVES = '/_codeload/';

export interface Archives {
  readonly routes: readonly Route[];
  /** The other host. Real GitHub would take a token there; who sends one is told, because it was not meant for that host. */
  answer(request: Request): Promise<Answer>;
}

export function createArchives(world: World): Archives {
  const offers = new Map<string, { repository: Repository; commit: Commit; until: number }>();
  return {
    routes: [
      repositoryRoute('GET', '/tarball/{ref...}', [['contents', 'read']], ({ repository, param }) => {
        const sha = resolveRef(repository, param('ref'));
        const commit = sha === null ? undefined : repository.commits.get(sha);
        if (commit === undefined) return notFound;
        const token = randomBytes(16).toString('hex');
        offers.set(token, { repository, commit, until: world.clock.now() + LIFE_MS });
        // Another name of the same machine, as codeload.github.com is another than api.github.com.
        const host = world.url.replace('127.0.0.1', 'localhost');
        const location = `${host}${ARCHIVES}${repository.fullName}/legacy.tar.gz/${commit.sha}?token=${token}`;
        return { status: 302, headers: { location } };
      }),
    ],
    async answer({ headers, query }) {
      if (headers['authorization'] !== undefined) return unauthorized('This host is not the API: the token was not meant for it');
      const offer = offers.get(query.get('token') ?? '');
      if (offer === undefined || offer.until <= world.clock.now()) return notFound;
      const body = await tarball(offer.repository, offer.commit);
      return { status: 200, body, headers: { 'content-type': 'application/x-gzip' } };
    },
  };
}

async function tarball(repository: Repository, { sha, files }: Commit): Promise<Buffer> {
  const root = `${repository.owner}-${repository.name}-${sha.slice(0, 7)}`;
  const tar = pack();
  tar.entry({ name: 'pax_global_header' }, `52 comment=${sha}\n`);
  tar.entry({ name: `${root}/`, type: 'directory' });
  for (const [name, content] of files) tar.entry({ name: `${root}/${name}` }, Buffer.from(content));
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return gzipSync(asGlobalHeader(Buffer.concat(chunks)));
}

/** The library writes no global header: the first entry becomes one by its type, and its sum is made anew (POSIX ustar). */
function asGlobalHeader(archive: Buffer): Buffer {
  archive.write('g', 156);
  archive.fill(' ', 148, 156);
  const sum = archive.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  archive.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return archive;
}
