// What every store of combined comments must do. sqlite.test.ts runs it; a PostgreSQL store will run the same.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CombinedComment, CommentPlace, SectionHead, SectionTexts, WorkspaceName } from '../../src/relay/comment/comment.ts';
import type { CommentStore, Kept, KeptSection } from '../../src/relay/store/comment-port.ts';
import type { StoreUnderTest } from './store-suite.ts';

export const PLACE: CommentPlace = { task: 'gate', host: 'app.terraform.io', repository: 'acme/net', number: 7 };
export const PROD: WorkspaceName = { organization: 'acme', workspace: 'net-prod' };

export const aComment = (change: Partial<CombinedComment> = {}): CombinedComment => ({
  revision: 5,
  standing: { id: 4711, url: 'https://github.com/acme/net/pull/7#issuecomment-4711' },
  told: 4,
  dirty: true,
  lock: { hash: 'h', by: 'rt_1', heldAt: 1000, revision: 5, alone: true },
  released: { hash: 'g', at: 900 },
  touchedAt: 1000,
  ...change,
});

export const aHead = (name: WorkspaceName = PROD, change: Partial<SectionHead> = {}): SectionHead => ({
  ...name,
  runId: 'run-1',
  runUrl: 'https://app.terraform.io/app/acme/net-prod/runs/run-1',
  createdAt: '2026-11-22T09:59:00.000Z',
  stage: 'post_plan',
  digest: `digest of ${name.workspace}`,
  own: `only of ${name.workspace}`,
  sum: 'sum',
  ...change,
});

export const aText = (name: string): SectionTexts => ({ large: `${name} at length`, medium: `${name} in short`, small: name });

export async function keep(
  store: CommentStore,
  name: WorkspaceName,
  section: Partial<KeptSection> = {},
  { place = PLACE, comment = aComment() }: { place?: CommentPlace; comment?: CombinedComment } = {},
): Promise<void> {
  await store.change(place, name, () => ({
    comment,
    section: { head: aHead(name), texts: aText(name.workspace), ...section },
    answer: null,
  }));
}

export function describeCommentStore(title: string, open: () => Promise<StoreUnderTest>): void {
  describe(title, () => {
    let under: StoreUnderTest;
    let store: CommentStore;
    beforeEach(async () => {
      under = await open();
      store = under.store.comments;
    });
    afterEach(() => under.cleanUp());
    const read = (place = PLACE, name = PROD): Promise<Kept> => store.change(place, name, (kept) => ({ answer: kept }));
    const texts = async (place = PLACE) => (await store.sections(place, () => 'small')).entries.map(({ text }) => text);

    it('knows nothing of a pull request that nobody wrote to', async () => {
      expect(await read()).toEqual({ comment: null, head: null, workspaces: 0 });
      expect(await store.sections(PLACE, () => 'large')).toEqual({ entries: [], unreadable: 0 });
      expect(await store.reviewed(PLACE, PROD)).toBeNull();
      expect(await store.count()).toEqual({ pullRequests: 0, sections: 0 });
    });

    it('keeps a comment and a section as they are, and writes over them', async () => {
      await keep(store, PROD);
      expect(await read()).toEqual({ comment: aComment(), head: aHead(), workspaces: 1 });
      const next = aComment({ revision: 6, lock: null, released: null, standing: null });
      await keep(store, PROD, { head: aHead(PROD, { runId: 'run-2' }), texts: aText('new') }, { comment: next });
      expect(await read()).toEqual({ comment: next, head: aHead(PROD, { runId: 'run-2' }), workspaces: 1 });
      for (const length of ['large', 'medium', 'small'] as const)
        expect((await store.sections(PLACE, () => length)).entries).toEqual([
          { head: aHead(PROD, { runId: 'run-2' }), text: aText('new')[length] },
        ]);
    });

    it('gives each workspace its own section, and all of them the comment', async () => {
      await keep(store, PROD);
      const other = { organization: 'acme', workspace: 'net-stg' };
      expect(await read(PLACE, other)).toEqual({ comment: aComment(), head: null, workspaces: 1 });
      await keep(store, other);
      expect(await read(PLACE, other)).toEqual({ comment: aComment(), head: aHead(other), workspaces: 2 });
      // Names that join to the same text are two.
      await keep(store, { organization: 'a', workspace: 'b/c' });
      await keep(store, { organization: 'a/b', workspace: 'c' });
      expect((await read()).workspaces).toBe(4);
    });

    it.each<[string, Partial<CommentPlace>]>([
      ['task', { task: 'other' }],
      ['host', { host: 'tfe.example.com' }],
      ['repository', { repository: 'acme/other' }],
      ['number', { number: 8 }],
    ])('keeps what differs in %s alone apart', async (_name, change) => {
      await keep(store, PROD, { reviewed: { fingerprint: 'f', runId: 'r', runUrl: 'u' } });
      const elsewhere = { ...PLACE, ...change };
      expect(await read(elsewhere)).toEqual({ comment: null, head: null, workspaces: 0 });
      expect(await store.reviewed(elsewhere, PROD)).toBeNull();
      await keep(store, PROD, { texts: aText('elsewhere') }, { place: elsewhere });
      expect([await texts(), await texts(elsewhere)]).toEqual([['net-prod'], ['elsewhere']]);
    });

    it('writes nothing when the decision says so, or throws', async () => {
      await store.change(PLACE, PROD, () => ({ section: { head: aHead(), texts: aText('x') }, answer: null }));
      expect(await store.count()).toEqual({ pullRequests: 0, sections: 0 });
      await keep(store, PROD);
      const failing = store.change(PLACE, PROD, () => {
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
      expect(await read()).toEqual({ comment: aComment(), head: aHead(), workspaces: 1 });
    });

    it('leaves a section alone when only the comment changes', async () => {
      await keep(store, PROD, { reviewed: { fingerprint: 'f', runId: 'r', runUrl: 'u' } });
      await store.change(PLACE, PROD, () => ({ comment: aComment({ dirty: false }), answer: null }));
      expect(await read()).toEqual({ comment: aComment({ dirty: false }), head: aHead(), workspaces: 1 });
      expect(await texts()).toEqual(['net-prod']);
      expect(await store.reviewed(PLACE, PROD)).toEqual({ fingerprint: 'f', runId: 'r', runUrl: 'u' });
    });

    it('keeps what was reviewed until it is told another, or that there is none', async () => {
      const one = { fingerprint: 'one', runId: 'run-1', runUrl: 'u1' };
      await keep(store, PROD);
      expect(await store.reviewed(PLACE, PROD)).toBeNull();
      await keep(store, PROD, { reviewed: one });
      await keep(store, PROD);
      expect(await store.reviewed(PLACE, PROD)).toEqual(one);
      await keep(store, PROD, { reviewed: { ...one, fingerprint: 'two' } });
      expect(await store.reviewed(PLACE, PROD)).toEqual({ ...one, fingerprint: 'two' });
      await keep(store, PROD, { reviewed: null });
      expect(await store.reviewed(PLACE, PROD)).toBeNull();
    });

    it('hands out one text of those with the same digest, in the order of code points, at the length that their number asks for', async () => {
      const names = ['\u{1f600}', 'b', 'B', '\uffee', 'a'].map((workspace) => ({ organization: 'acme', workspace }));
      for (const name of names) await keep(store, name, { head: aHead(name, { digest: name.workspace.toLowerCase() }) });
      await keep(
        store,
        { organization: 'Acme', workspace: 'z' },
        { head: aHead({ organization: 'Acme', workspace: 'z' }, { digest: 'b' }) },
      );
      const asked: number[] = [];
      const { entries, unreadable } = await store.sections(PLACE, (digests) => (asked.push(digests), 'medium'));
      expect([asked, unreadable]).toEqual([[4], 0]);
      expect(entries.map(({ head, text }) => [head.organization, head.workspace, text])).toEqual([
        ['Acme', 'z', 'z in short'],
        ['acme', 'B', null],
        ['acme', 'a', 'a in short'],
        ['acme', 'b', null],
        ['acme', '\uffee', '\uffee in short'],
        ['acme', '\u{1f600}', '\u{1f600} in short'],
      ]);
    });

    it('forgets who was not written to for long, with all that was kept of it, and nobody else', async () => {
      const [old, young] = [
        { ...PLACE, number: 1 },
        { ...PLACE, number: 2 },
      ];
      await keep(
        store,
        PROD,
        { reviewed: { fingerprint: 'f', runId: 'r', runUrl: 'u' } },
        { place: old, comment: aComment({ touchedAt: 999 }) },
      );
      await keep(store, PROD, {}, { place: young, comment: aComment({ touchedAt: 1000 }) });
      expect(await store.prune(1000, 100)).toEqual({ idle: 1, crowded: 0 });
      expect(await store.count()).toEqual({ pullRequests: 1, sections: 1 });
      expect(await read(old)).toEqual({ comment: null, head: null, workspaces: 0 });
      expect(await store.reviewed(old, PROD)).toBeNull();
      expect(await texts(young)).toEqual(['net-prod']);
      expect(await store.prune(1000, 100)).toEqual({ idle: 0, crowded: 0 });
    });

    it('forgets the longest idle when there is no room for all', async () => {
      // 3 sections at time 10, 2 at 30, 1 at 20.
      for (const [number, sections, touchedAt] of [
        [1, 3, 10],
        [2, 2, 30],
        [3, 1, 20],
      ] as const)
        for (let n = 0; n < sections; n++)
          await keep(store, { ...PROD, workspace: `w${n}` }, {}, { place: { ...PLACE, number }, comment: aComment({ touchedAt }) });
      expect(await store.prune(0, 6)).toEqual({ idle: 0, crowded: 0 });
      expect(await store.prune(0, 5)).toEqual({ idle: 0, crowded: 1 });
      expect(await texts({ ...PLACE, number: 1 })).toEqual([]);
      expect(await store.prune(0, 2)).toEqual({ idle: 0, crowded: 1 });
      expect(await texts({ ...PLACE, number: 2 })).toEqual(['w0', 'w1']);
      expect(await store.prune(0, 0)).toEqual({ idle: 0, crowded: 1 });
      expect(await store.count()).toEqual({ pullRequests: 0, sections: 0 });
    });

    it('has everything that it acknowledged after a restart', async () => {
      await keep(store, PROD, { reviewed: { fingerprint: 'f', runId: 'r', runUrl: 'u' } });
      store = (await under.reopen()).comments;
      expect(await read()).toEqual({ comment: aComment(), head: aHead(), workspaces: 1 });
      expect(await texts()).toEqual(['net-prod']);
      expect(await store.reviewed(PLACE, PROD)).toEqual({ fingerprint: 'f', runId: 'r', runUrl: 'u' });
    });
  });
}
