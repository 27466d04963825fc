// Files of a repository: read one or a folder; write or delete one on a branch.
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { type Answer, conflict, json, missing, notFound, notSupplied } from '../answers.ts';
import type { Commit, FileContent, Repository } from '../model.ts';
import { type RepositoryCall, repositoryRoute, type Route, withBody } from '../router.ts';
import { refuseFileWrite } from '../rules.ts';
import { iso, nodeId } from '../shapes/text.ts';
import { refuseWorkflowPaths } from '../workflow-permission.ts';
import type { World } from '../world.ts';
import { resolveRef } from './statuses.ts';

const person = z.looseObject({ name: z.string(), email: z.string() });
const common = {
  message: z.string().min(1),
  sha: z.string().optional(),
  branch: z.string().optional(),
  committer: person.optional(),
  author: person.optional(),
};
const putSchema = z.strictObject({ ...common, content: z.base64() });
const deleteSchema = z.strictObject(common);

export const contentRoutes: readonly Route[] = [
  repositoryRoute('GET', '/contents/{path...}', [['contents', 'read']], (call) => {
    const { repository, world } = call;
    if (repository.branches.size === 0) return missing('This repository is empty.');
    const ref = call.request.query.get('ref') ?? repository.defaultBranch;
    const sha = resolveRef(repository, ref);
    if (sha === null) return missing(`No commit found for the ref ${ref}`);
    const files = repository.commits.get(sha)?.files ?? new Map<string, FileContent>();
    const path = call.param('path').replace(/^\/+|\/+$/g, '');
    const file = files.get(path);
    if (file !== undefined) {
      if (/\.raw\b/.test(call.request.headers['accept'] ?? ''))
        return { status: 200, body: bytes(file).toString('utf8'), headers: { 'content-type': 'text/plain' } };
      return json(200, { ...entry(world, repository, path, file, ref), content: wrapped(bytes(file)), encoding: 'base64' });
    }
    const listing = folder(world, repository, files, path, ref);
    return listing.length === 0 ? notFound : json(200, listing);
  }),

  repositoryRoute(
    'PUT',
    '/contents/{path...}',
    [['contents', 'write']],
    withBody(putSchema, (call: RepositoryCall, body) => {
      const { repository, world } = call;
      const branch = body.branch ?? repository.defaultBranch;
      const found = findFile(call, branch);
      if ('status' in found) return found;
      const { path, before, head } = found;
      if (before !== undefined && body.sha === undefined) return notSupplied('sha');
      if (before !== undefined && body.sha !== blobSha(before)) return conflict(`${path} does not match ${body.sha ?? ''}`);
      const refused = refuseFileWrite(call, branch, before === undefined ? 'create file' : 'update file');
      if (refused !== null) return refused;
      const content = Buffer.from(body.content, 'base64');
      const commit = world.commit(repository, { message: body.message, branch, files: { [path]: content } });
      world.changed();
      return json(before === undefined ? 201 : 200, {
        content: entry(world, repository, path, content, branch),
        commit: toCommit(world, repository, commit, head),
      });
    }),
  ),

  repositoryRoute(
    'DELETE',
    '/contents/{path...}',
    [['contents', 'write']],
    withBody(deleteSchema, (call: RepositoryCall, body) => {
      const { repository, world } = call;
      const branch = body.branch ?? repository.defaultBranch;
      const found = findFile(call, branch);
      if ('status' in found) return found;
      const { path, before, head } = found;
      if (before === undefined) return notFound;
      if (body.sha === undefined) return notSupplied('sha');
      if (body.sha !== blobSha(before)) return conflict(`${path} does not match ${body.sha}`);
      const refused = refuseFileWrite(call, branch, 'delete file');
      if (refused !== null) return refused;
      const commit = world.commit(repository, { message: body.message, branch, files: { [path]: null } });
      world.changed();
      return json(200, { content: null, commit: toCommit(world, repository, commit, head) });
    }),
  ),
];

/** The file that is about to be written, as it is on its branch: what both writes look at first. The first write of all makes the branch. */
function findFile(
  call: RepositoryCall,
  branch: string,
): Answer | { readonly path: string; readonly before: FileContent | undefined; readonly head: string | null } {
  const { repository } = call;
  const path = call.param('path');
  const refused = refuseWorkflowPaths(call, [path]);
  if (refused !== null) return refused;
  const head = repository.branches.get(branch) ?? null;
  const first = repository.branches.size === 0 && branch === repository.defaultBranch;
  if (head === null && !first) return missing(`Branch ${branch} not found`);
  return { path, before: repository.commits.get(head ?? '')?.files.get(path), head };
}

const bytes = (content: FileContent): Buffer => Buffer.from(content);

/** git's own id of a blob: what an update has to name. */
const blobSha = (content: FileContent): string =>
  createHash('sha1')
    .update(`blob ${bytes(content).length}\0`)
    .update(bytes(content))
    .digest('hex');

// GitHub breaks base64 into lines of 60.
const wrapped = (content: Buffer): string => content.toString('base64').replace(/(.{60})/g, '$1\n');

function entry(world: World, repository: Repository, path: string, content: FileContent, ref: string): Record<string, unknown> {
  const sha = blobSha(content);
  return { ...links(world, repository, path, ref, 'file', sha), size: bytes(content).length };
}

function links(
  world: World,
  repository: Repository,
  path: string,
  ref: string,
  type: 'file' | 'dir',
  sha: string,
): Record<string, unknown> {
  const api = `${world.url}/api/v3/repos/${repository.fullName}`;
  const self = `${api}/contents/${path}?ref=${ref}`;
  const git = type === 'file' ? `${api}/git/blobs/${sha}` : `${api}/git/trees/${sha}`;
  const html = `${world.url}/${repository.fullName}/${type === 'file' ? 'blob' : 'tree'}/${ref}/${path}`;
  return {
    name: path.split('/').at(-1) ?? path,
    path,
    sha,
    size: 0,
    url: self,
    html_url: html,
    git_url: git,
    download_url: type === 'file' ? `${world.url}/raw/${repository.fullName}/${ref}/${path}` : null,
    type,
    _links: { self, git, html },
  };
}

function folder(
  world: World,
  repository: Repository,
  files: ReadonlyMap<string, FileContent>,
  path: string,
  ref: string,
): Record<string, unknown>[] {
  const prefix = path === '' ? '' : `${path}/`;
  const entries = new Map<string, Record<string, unknown>>();
  for (const [name, content] of files) {
    if (!name.startsWith(prefix)) continue;
    const [first = '', ...rest] = name.slice(prefix.length).split('/');
    const full = prefix + first;
    entries.set(
      full,
      rest.length === 0
        ? entry(world, repository, full, content, ref)
        : links(world, repository, full, ref, 'dir', createHash('sha1').update(full).digest('hex')),
    );
  }
  return [...entries.values()];
}

function toCommit(world: World, repository: Repository, commit: Commit, parent: string | null): Record<string, unknown> {
  const api = `${world.url}/api/v3/repos/${repository.fullName}/git`;
  const author = { name: repository.owner, email: `${repository.ownerId}@users.noreply.localhost`, date: iso(commit.at) };
  const html = (sha: string): string => `${world.url}/${repository.fullName}/commit/${sha}`;
  return {
    sha: commit.sha,
    node_id: nodeId('C', commit.sha),
    url: `${api}/commits/${commit.sha}`,
    html_url: html(commit.sha),
    author,
    committer: author,
    message: commit.message,
    tree: { sha: commit.sha, url: `${api}/trees/${commit.sha}` },
    parents: parent === null ? [] : [{ sha: parent, url: `${api}/commits/${parent}`, html_url: html(parent) }],
  };
}
