// The combined comment's calls, one by one: what is kept, who may write, and who is refused.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Fault } from '../../src/base/fault.ts';
import { SECTION_LIMITS, type SectionRequest } from '../../src/contracts/relay-api.ts';
import type { Stage } from '../../src/contracts/run-facts.ts';
import { A_COMMENT, A_PULL_REQUEST, aSection, onGithub, startWriter } from './support/comment-writer.ts';
import { until } from './support/until.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const at = (time: string) => `2026-11-22T${time}:00.000Z`;

describe('a section', () => {
  it('is handed to whoever holds the lock, with all others, by organization and workspace', async () => {
    const b = await startWriter(world, { workspace_name: 'net-b', run_id: 'run-b', run_created_at: at('09:01') });
    const a = await startWriter(world, { workspace_name: 'net-a', run_id: 'run-a', run_created_at: at('09:02'), stage: 'pre_apply' });
    const astral = await startWriter(world, { workspace_name: 'net-\u{1f600}', run_id: 'run-c' });
    const last = await startWriter(world, { workspace_name: 'net-\uffee', run_id: 'run-d' });
    const first = await b.put({ digest: 'digest-number-one', large: 'one' });
    const second = await a.put({ digest: 'digest-number-two', large: 'two' });
    await astral.put({ digest: 'digest-number-one', large: 'one', own: 'of the run on the right' });
    const { revision } = await last.put({ digest: 'digest-number-two', large: 'two' });
    expect(first.kept && second.kept && first.revision < second.revision).toBe(true);
    const { lock, ...answer } = await a.held(second.revision);
    expect(lock).toMatch(/^[\w-]{43}$/);
    const url = `${world.hcp.url}/app/acme/net-prod/runs/run-example`;
    const digests = answer.sections.map(({ digest }) => digest);
    expect([new Set(digests).size, digests[0] === digests[2], digests[1] === digests[3]]).toEqual([2, true, true]);
    const entry = (workspace: string, run_id: string, run_created_at: string, stage: string, text: string | null, own = 'its own') => ({
      ...{
        organization: 'acme',
        workspace,
        run_id,
        run_url: url,
        run_created_at,
        stage,
        digest: expect.stringMatching(/^[\w-]{43}$/),
        text,
        own,
      },
    });
    expect(answer).toEqual({
      kind: 'held',
      expires_in_ms: 20_000,
      revision,
      task: `gate/${world.hcp.host}`,
      comment: null,
      sections: [
        entry('net-a', 'run-a', at('09:02'), 'pre_apply', 'two'),
        entry('net-b', 'run-b', at('09:01'), 'post_plan', 'one'),
        entry('net-\uffee', 'run-d', '2026-11-22T09:59:00.000Z', 'post_plan', null),
        entry('net-\u{1f600}', 'run-c', '2026-11-22T09:59:00.000Z', 'post_plan', null, 'of the run on the right'),
      ],
    });
  });

  it.each(['large', 'medium', 'small'] as const)(
    'with the digest of another one and a %s text of its own speaks for its own workspace alone',
    async (length) => {
      const victim = await startWriter(world, { workspace_name: 'net-prod', run_id: 'run-1' });
      await victim.put({ digest: 'digest-of-the-victim', [length]: 'destroys everything' });
      // Named first, so that its text stands where those of the same digest are looked for.
      const forger = await startWriter(world, { workspace_name: 'a', run_id: 'run-2' });
      const { revision } = await forger.put({ digest: 'digest-of-the-victim', [length]: 'no changes' });
      const { sections } = await forger.held(revision);
      expect(sections.map(({ workspace }) => workspace)).toEqual(['a', 'net-prod']);
      expect(sections.filter(({ text }) => text === null)).toEqual([]);
      expect(sections[0]?.digest).not.toBe(sections[1]?.digest);
      if (length === 'large') expect(sections.map(({ text }) => text)).toEqual(['no changes', 'destroys everything']);
    },
  );

  it('of an older run, or of an earlier stage of the same run, changes nothing', async () => {
    const newer = await startWriter(world, { run_id: 'run-2', run_created_at: at('09:30'), stage: 'pre_apply' });
    const { revision } = await newer.put({ large: 'newer' });
    const older = await startWriter(world, { run_id: 'run-1', run_created_at: at('09:29'), stage: 'post_apply' });
    const earlier = await startWriter(world, { run_id: 'run-2', run_created_at: at('09:30'), stage: 'post_plan' });
    for (const writer of [older, earlier]) expect(await writer.put({ large: 'older' })).toEqual({ kept: false, revision });
    expect(await newer.held(revision)).toMatchObject({ revision, sections: [{ run_id: 'run-2', stage: 'pre_apply', text: 'newer' }] });
  });

  it('of a newer run, of a later stage, or of the same again with another text takes its place', async () => {
    const put = async (run_id: string, time: string, stage: Stage, large: string) =>
      (await startWriter(world, { run_id, run_created_at: at(time), stage })).put({ large });
    const revisions = [
      await put('run-1', '09:30', 'post_plan', 'one'),
      await put('run-1', '09:30', 'post_apply', 'two'),
      await put('run-1', '09:30', 'post_apply', 'three'),
      // Two runs of one moment: neither is older, whatever their stages.
      await put('run-0', '09:30', 'pre_plan', 'four'),
      await put('run-2', '09:31', 'post_plan', 'five'),
    ];
    expect(revisions.map(({ kept }) => kept)).toEqual([true, true, true, true, true]);
    const [first = 0] = revisions.map(({ revision }) => revision);
    expect(revisions.map(({ revision }) => revision - first)).toEqual([0, 1, 2, 3, 4]);
    // Its time is written with another zone: times are compared, not texts.
    const asker = await startWriter(world, { run_id: 'run-1', run_created_at: '2026-11-22T10:30:59+01:00' });
    expect(await asker.put()).toMatchObject({ kept: false });
    expect(await asker.held(0)).toMatchObject({ sections: [{ run_id: 'run-2', text: 'five' }] });
  });

  it('sent again because the answer was lost is the same section, and no news', async () => {
    const writer = await startWriter(world);
    const sent = await writer.put();
    expect(await writer.put()).toEqual(sent);
    expect(await writer.put({ small: 'another' })).toEqual({ kept: true, revision: sent.revision + 1 });
    expect(await writer.put({ small: 'another', reviewed: 'f1' })).toEqual({ kept: true, revision: sent.revision + 2 });
  });

  it.each<[number, string]>([
    [4, 'large'],
    [5, 'medium'],
    [32, 'medium'],
    [33, 'small'],
  ])('among %i different ones is handed out %s', async (count, length) => {
    await world.close();
    world = await createWorld({ started: false });
    const place = { task: 'gate', host: world.hcp.host, repository: 'acme/net', number: 7 };
    await world.relay.start();
    const writer = await startWriter(world);
    const { revision } = await writer.put({ large: 'large', medium: 'medium', small: 'small' });
    const [first] = (await world.store.comments.sections(place, () => 'small')).entries;
    for (let n = 1; n < count + 3; n++) {
      // Three say what another one says: they take no room.
      const digest = n % count === 0 ? first!.head.digest : `digest-of-number-${n % count}`;
      const name = { organization: 'acme', workspace: `other-${n}` };
      await world.store.comments.change(place, name, ({ comment }) => ({
        comment: comment!,
        section: {
          head: { ...name, runId: 'run', runUrl: 'https://x', createdAt: at('09:00'), stage: 'post_plan', digest, own: '', sum: String(n) },
          texts: { large: 'large', medium: 'medium', small: 'small' },
        },
        answer: null,
      }));
    }
    const { sections } = await writer.held(revision);
    expect(sections).toHaveLength(count + 3);
    expect(sections.filter(({ text }) => text === length)).toHaveLength(count);
    expect(sections.filter(({ text }) => text === null)).toHaveLength(3);
  });

  it.each(Object.entries(SECTION_LIMITS))('may have %s of %i bytes, and not one more', async (field, limit) => {
    const writer = await startWriter(world);
    const text = 'ä'.repeat(limit / 2);
    expect(await writer.put({ [field]: text } as Partial<SectionRequest>)).toMatchObject({ kept: true });
    expect(await writer.call('section', aSection({ [field]: `${text}.` } as Partial<SectionRequest>))).toEqual({
      status: 400,
      body: { error: { code: 'bad-request', message: `"${field}" of a section has at most ${limit} bytes of UTF-8.` } },
    });
  });

  it('is taken at its full size in the worst encoding', async () => {
    const writer = await startWriter(world);
    const { large, medium, small, reviewed } = SECTION_LIMITS;
    const worst = (bytes: number) => '\u0001'.repeat(bytes);
    expect(await writer.put({ large: worst(large), medium: worst(medium), small: worst(small), reviewed: worst(reviewed) })).toMatchObject({
      kept: true,
    });
    expect(await writer.held(0)).toMatchObject({ sections: [{ text: worst(large) }] });
  });

  it('of the thousand and first workspace is refused; those that are there go on', async () => {
    await world.close();
    world = await createWorld({
      wrapStore: (store) => ({
        ...store,
        comments: {
          ...store.comments,
          // 999 more than there are.
          change: (place, name, decide) =>
            store.comments.change(place, name, (kept) => decide({ ...kept, workspaces: kept.workspaces + 999 })),
        },
      }),
    });
    const writer = await startWriter(world);
    await writer.put();
    const late = await startWriter(world, { workspace_name: 'one-too-many' });
    expect(await late.call('section', aSection())).toMatchObject({
      status: 400,
      body: { error: { code: 'bad-request', message: expect.stringContaining('1000 workspaces') } },
    });
    const { kept, revision } = await writer.put({ large: 'new' });
    expect(kept).toBe(true);
    expect((await writer.held(revision)).sections).toHaveLength(1);
  });
});

describe('the reviewed plan', () => {
  it('is that of the last speculative run of the workspace, whatever other runs send', async () => {
    const speculative = await startWriter(world, { run_id: 'run-1', is_speculative: true, run_created_at: at('09:01') });
    expect(await speculative.reviewed()).toBeNull();
    await speculative.put({ reviewed: 'fingerprint one' });
    const apply = await startWriter(world, { run_id: 'run-2', run_created_at: at('09:02') });
    const one = { fingerprint: 'fingerprint one', run_id: 'run-1', run_url: `${world.hcp.url}/app/acme/net-prod/runs/run-example` };
    expect(await apply.reviewed()).toEqual(one);
    await apply.put({ reviewed: 'of the apply run' });
    expect(await apply.reviewed()).toEqual(one);
    const later = await startWriter(world, { run_id: 'run-3', is_speculative: true, run_created_at: at('09:03') });
    await later.put({ reviewed: 'fingerprint two' });
    expect(await apply.reviewed()).toMatchObject({ fingerprint: 'fingerprint two', run_id: 'run-3' });
    await later.put({ reviewed: null });
    expect(await apply.reviewed()).toBeNull();
  });

  it('is one for each workspace', async () => {
    await (await startWriter(world, { is_speculative: true })).put({ reviewed: 'mine' });
    expect(await (await startWriter(world, { workspace_name: 'net-other' })).reviewed()).toBeNull();
  });
});

describe('the lock', () => {
  it('is held by one; the others wait for a time that is not the same for all, and it ends by itself', async () => {
    const [one, two] = [await startWriter(world), await startWriter(world, { workspace_name: 'net-2' })];
    await one.put();
    const { revision } = await two.put();
    await one.held(revision);
    const waits = new Set<number>();
    for (let n = 0; n < 20; n++) {
      const answer = await two.lock(revision);
      expect(answer).toEqual({ kind: 'wait', retry_after_ms: expect.any(Number) });
      if (answer.kind === 'wait') waits.add(answer.retry_after_ms);
    }
    expect(waits.size).toBeGreaterThan(5);
    expect([Math.min(...waits) >= 2000, Math.max(...waits) <= 4000]).toEqual([true, true]);
    await world.clock.advance(19_999);
    expect(await two.lock(revision)).toMatchObject({ kind: 'wait' });
    await world.clock.advance(1);
    expect(await two.lock(revision)).toMatchObject({ kind: 'held' });
    expect(world.event('comment lock lost: its holder did not release in time')?.fields).toMatchObject({
      id: two.id,
      holder: one.id,
      pull_request: 'acme/net#7',
    });
  });

  it('goes from one holder to the next after a second', async () => {
    const [one, two] = [await startWriter(world), await startWriter(world, { workspace_name: 'net-2' })];
    const { revision } = await one.put();
    const { lock } = await one.held(revision);
    expect(await one.release(lock, { revision, comment: A_COMMENT })).toBe('done');
    const later = await two.put();
    expect(await two.lock(later.revision)).toMatchObject({ kind: 'wait' });
    await world.clock.advance(999);
    expect(await two.lock(later.revision)).toMatchObject({ kind: 'wait' });
    await world.clock.advance(1);
    expect(await two.lock(later.revision)).toMatchObject({ kind: 'held', comment: A_COMMENT });
  });

  it('is not needed by one whose section another has written', async () => {
    const [one, two] = [await startWriter(world), await startWriter(world, { workspace_name: 'net-2' })];
    await two.put();
    const { revision } = await one.put();
    const { lock } = await one.held(revision);
    await one.release(lock, { revision, comment: A_COMMENT });
    expect(await two.lock(revision - 1)).toEqual({ kind: 'written', url: A_COMMENT.url });
    expect(await two.lock(revision)).toEqual({ kind: 'written', url: A_COMMENT.url });
    expect(await two.lock(revision + 1)).toMatchObject({ kind: 'wait' });
  });

  it('released with nothing written leaves it to the next', async () => {
    const one = await startWriter(world);
    const { revision } = await one.put();
    expect(await one.release((await one.held(revision)).lock)).toBe('done');
    await world.clock.advance(1000);
    expect(await one.lock(revision)).toMatchObject({ kind: 'held', comment: null });
  });

  it('lost: late means again, the comment is remembered, and nobody is told "written" until somebody released in time', async () => {
    const [one, two, three] = [
      await startWriter(world),
      await startWriter(world, { workspace_name: 'net-2' }),
      await startWriter(world, { workspace_name: 'net-3' }),
    ];
    const first = await one.put();
    const stalled = await one.held(first.revision);
    await world.clock.advance(20_000);
    expect(await one.release(stalled.lock, { revision: first.revision, comment: A_COMMENT })).toBe('again');
    await world.clock.advance(1000);
    const second = await two.put();
    const taken = await two.held(second.revision);
    expect(taken.comment).toEqual(A_COMMENT);
    // Its section is in what two writes; but who knows what stands there.
    expect(await one.lock(first.revision)).toMatchObject({ kind: 'wait' });
    expect(await two.release(taken.lock, { revision: second.revision, comment: A_COMMENT })).toBe('done');
    expect(await one.lock(first.revision)).toEqual({ kind: 'written', url: A_COMMENT.url });
    expect(await two.release(taken.lock, { revision: second.revision, comment: A_COMMENT })).toBe('done');

    // Twice lost: while three holds it, two writes late. Neither of them knows which was the last.
    await world.clock.advance(1000);
    const slow = await two.held((await two.put({ large: 'x' })).revision);
    await world.clock.advance(20_000);
    const third = await three.put();
    const holds = await three.held(third.revision);
    expect(await two.release(slow.lock, { revision: slow.revision, comment: A_COMMENT })).toBe('again');
    expect(await three.release(holds.lock, { revision: holds.revision, comment: A_COMMENT })).toBe('again');
    await world.clock.advance(1000);
    const mends = await two.held(slow.revision);
    expect(await two.release(mends.lock, { revision: mends.revision, comment: A_COMMENT })).toBe('done');
    expect(await three.lock(third.revision)).toEqual({ kind: 'written', url: A_COMMENT.url });
  });

  it('never released: until somebody else has released in time, nobody is told that the comment is good as it is', async () => {
    const [one, two] = [await startWriter(world), await startWriter(world, { workspace_name: 'net-2' })];
    const { revision } = await one.put();
    await one.release((await one.held(revision)).lock, { revision, comment: A_COMMENT });
    await world.clock.advance(1000);
    // It may die before it writes, or after.
    await two.held((await two.put()).revision);
    expect(await one.lock(revision)).toEqual({ kind: 'written', url: A_COMMENT.url });
    await world.clock.advance(20_000);
    const mends = await one.held(revision);
    expect(await two.lock(revision)).toMatchObject({ kind: 'wait' });
    expect(await one.release(mends.lock)).toBe('done');
    await world.clock.advance(1000);
    const writes = await one.held(revision);
    await one.release(writes.lock, { revision: writes.revision, comment: A_COMMENT });
    expect(await two.lock(writes.revision)).toEqual({ kind: 'written', url: A_COMMENT.url });
  });

  it('is believed only up to what its holder was given', async () => {
    const [one, two] = [await startWriter(world), await startWriter(world, { workspace_name: 'net-2' })];
    const { revision } = await one.put();
    const { lock } = await one.held(revision);
    await one.release(lock, { revision: Number.MAX_SAFE_INTEGER, comment: A_COMMENT });
    await world.clock.advance(1000);
    expect(await two.lock((await two.put()).revision)).toMatchObject({ kind: 'held' });
  });

  it('of nobody, of another pull request, or forgotten meanwhile is no lock', async () => {
    const one = await startWriter(world);
    await one.put();
    const { revision } = await one.put({ large: 'another' });
    const { lock } = await one.held(revision);
    expect(await one.release('x'.repeat(43), { revision, comment: A_COMMENT })).toBe('again');
    await world.store.comments.prune(world.clock.now() + 1, 100);
    expect(await one.release(lock, { revision, comment: A_COMMENT })).toBe('again');
    expect(await one.call('lock', { pull_request: A_PULL_REQUEST, revision })).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining('send it first') } },
    });
    // And the revision goes on from where it was.
    await world.clock.advance(2000);
    expect((await one.put()).revision).toBeGreaterThan(revision);
  });

  it('outlives the relay: its holder is done when it is in time, and late when it is not', async () => {
    const one = await startWriter(world);
    const { revision } = await one.put();
    const kept = await one.held(revision);
    await world.restart(5000);
    expect(await one.lock(revision)).toMatchObject({ kind: 'wait' });
    expect(await one.release(kept.lock, { revision, comment: A_COMMENT })).toBe('done');
    expect(await one.lock(revision)).toEqual({ kind: 'written', url: A_COMMENT.url });
    await world.clock.advance(1000);
    const lost = await one.held((await one.put({ large: 'x' })).revision);
    await world.restart(30_000);
    expect(await one.release(lost.lock, { revision: lost.revision, comment: A_COMMENT })).toBe('again');
  });

  it('is free when the clock was set back: nobody knows how long it was held', async () => {
    const one = await startWriter(world);
    const { revision } = await one.put();
    const { lock } = await one.held(revision);
    const place = { task: 'gate', host: world.hcp.host, repository: 'acme/net', number: 7 };
    await world.store.comments.change(place, { organization: 'acme', workspace: 'net-prod' }, ({ comment }) => ({
      comment: { ...comment!, lock: { ...comment!.lock!, heldAt: world.clock.now() + 3_600_000 } },
      answer: null,
    }));
    expect(await one.lock(revision)).toMatchObject({ kind: 'held' });
    expect(await one.release(lock, { revision, comment: A_COMMENT })).toBe('again');
  });
});

describe('who may write', () => {
  const NOT_FOUND = { status: 404, body: { error: { code: 'not-found' } } };
  const CALLS = [
    ['section', aSection()],
    ['lock', { pull_request: A_PULL_REQUEST, revision: 1 }],
    ['release', { pull_request: A_PULL_REQUEST, lock: 'x', written: null }],
    ['reviewed', { pull_request: A_PULL_REQUEST }],
  ] as const;

  it.each(CALLS)('%s: nobody without a session, with another one, or before a claim', async (what, body) => {
    const writer = await startWriter(world);
    const { client_payload: unclaimed } = await world.dispatched(onGithub(world));
    const method = what === 'section' ? 'PUT' : 'POST';
    const ask = (id: string, token: string | null) => world.call(method, `/v1/run-tasks/${id}/comment/${what}`, token, body);
    expect(await ask(writer.id, null)).toMatchObject({ status: 401, body: { error: { code: 'unauthorized' } } });
    expect(await ask(writer.id, 'x'.repeat(43))).toMatchObject(NOT_FOUND);
    expect(await ask(unclaimed.id, writer.token)).toMatchObject(NOT_FOUND);
    expect(await ask('rt_0000000000000000000000', writer.token)).toMatchObject(NOT_FOUND);
  });

  it.each(CALLS)('%s: whoever was fenced out is told so', async (what, body) => {
    const writer = await startWriter(world, { run_id: 'run-1' });
    const claims = { run_id: '77' };
    const { client_payload: payload } = await world.dispatched(onGithub(world, { run_id: 'run-2' }));
    const first = await world.claim(payload, { claims });
    await world.claim(payload, { claims: { ...claims, run_attempt: '2' } });
    const method = what === 'section' ? 'PUT' : 'POST';
    const fenced = await world.call(method, `/v1/run-tasks/${payload.id}/comment/${what}`, first.body.session_token, body);
    expect(fenced).toMatchObject({ status: 409, body: { error: { code: 'fenced' } } });
    expect((await writer.call('section', aSection())).status).toBe(200);
  });

  it.each(CALLS.map(([what]) => what))('%s: a call that is not of its form is refused with its fields named', async (what) => {
    const writer = await startWriter(world);
    expect(await writer.call(what, { pull_request: { repository: 'no slash', number: 7 } })).toMatchObject({
      status: 400,
      body: { error: { code: 'bad-request', message: expect.stringContaining('pull_request.repository') } },
    });
  });

  it('goes on after the verdict is delivered, until the run task is forgotten', async () => {
    const writer = await startWriter(world);
    await world.call('PATCH', `/v1/run-tasks/${writer.id}/result`, writer.token, { status: 'passed', message: 'ok', outcomes: [] });
    expect(await world.store.count()).toEqual({ delivered: 1 });
    const { revision } = await writer.put();
    const { lock } = await writer.held(revision);
    expect(await writer.release(lock, { revision, comment: A_COMMENT })).toBe('done');
    await world.store.prune(world.clock.now() + 1, 0);
    expect(await writer.call('section', aSection())).toMatchObject(NOT_FOUND);
  });

  it('names the one pull request of its run, in any case of letters', async () => {
    const writer = await startWriter(world);
    const { revision } = await writer.put({ pull_request: { repository: 'ACME/Net', number: 7 } });
    expect(await writer.put()).toEqual({ kept: true, revision });
    for (const pull_request of [
      { repository: 'acme/net', number: 8 },
      { repository: 'acme/other', number: 7 },
      { repository: 'evil/net', number: 7 },
    ])
      for (const [what, body] of CALLS)
        expect(await writer.call(what, { ...body, pull_request })).toEqual({
          status: 400,
          body: { error: { code: 'bad-request', message: 'This run may write to acme/net#7 only.' } },
        });
    expect(world.event('pull request refused')).toMatchObject({ level: 'warn', fields: { id: writer.id } });
  });

  it('without a pull request in its facts names one of its repository, and stays with it', async () => {
    const writer = await startWriter(world, { vcs_pull_request_url: null });
    expect(await writer.reviewed()).toBeNull();
    expect(await writer.call('section', aSection({ pull_request: { repository: 'acme/other', number: 7 } }))).toMatchObject({
      status: 400,
      body: { error: { message: 'This run may write to pull requests of acme/net only.' } },
    });
    expect(await writer.put()).toMatchObject({ kept: true });
    for (const [what, body] of CALLS)
      expect(await writer.call(what, { ...body, pull_request: { repository: 'acme/net', number: 8 } })).toMatchObject({
        status: 400,
        body: { error: { message: 'This run may write to acme/net#7 only.' } },
      });
    expect(await world.store.comments.count()).toEqual({ pullRequests: 1, sections: 1 });
  });

  it('knows its repository by the commit when HCP Terraform names no other', async () => {
    expect(await (await startWriter(world, { vcs_pull_request_url: null, vcs_repo_url: null })).put()).toMatchObject({ kept: true });
  });

  it.each([
    ['a pull request elsewhere', { vcs_pull_request_url: 'https://gitlab.example/acme/net/pull/7' }, /not on 127\.0\.0\.1/],
    ['a pull request that is none', { vcs_pull_request_url: 'HERE/acme/net/issues/7' }, /not on 127\.0\.0\.1/],
    [
      'a repository elsewhere',
      { vcs_pull_request_url: null, vcs_repo_url: 'https://gitlab.example/acme/net', vcs_commit_url: null },
      /names no repository/,
    ],
    ['nothing at all', { vcs_pull_request_url: null, vcs_repo_url: null, vcs_commit_url: null }, /names no repository/],
  ])('has no comment when HCP Terraform names %s', async (_name, facts, message) => {
    const here = Object.fromEntries(Object.entries(facts).map(([key, value]) => [key, value?.replace('HERE', world.github.url) ?? null]));
    const writer = await startWriter(world, here);
    for (const [what, body] of CALLS)
      expect(await writer.call(what, body)).toMatchObject({
        status: 400,
        body: { error: { code: 'bad-request', message: expect.stringMatching(message) } },
      });
  });

  it('fills the section of its own workspace, whatever it says: nobody else’s', async () => {
    const one = await startWriter(world);
    await one.call('section', { ...aSection(), organization: 'other', workspace: 'net-2' });
    expect((await one.held(0)).sections.map(({ organization, workspace }) => [organization, workspace])).toEqual([['acme', 'net-prod']]);
  });
});

describe('what is kept of a pull request', () => {
  const DAY = 86_400_000;
  const metrics = async () => (await world.relay.admin.fetch(new Request('http://127.0.0.1/metrics'))).text();
  const forgotten = async (reason: string) => (await metrics()).includes(`runtask_comments_forgotten_total{reason="${reason}"} 1\n`);

  it('is forgotten when nobody has written to it for sixty days, and not a moment before', async () => {
    const writer = await startWriter(world);
    await world.call('PATCH', `/v1/run-tasks/${writer.id}/result`, writer.token, { status: 'passed', message: 'ok', outcomes: [] });
    const { revision } = await writer.put();
    await world.clock.advance(1000);
    const { lock } = await writer.held(revision);
    await writer.release(lock, { revision, comment: A_COMMENT });
    await world.restart(60 * DAY);
    // The run task was pruned after the comments.
    await until(async () => Object.keys(await world.store.count()).length === 0, 'the pruning');
    expect(await world.store.comments.count()).toEqual({ pullRequests: 1, sections: 1 });
    expect(await forgotten('idle')).toBe(false);
    await world.restart(1);
    await until(() => forgotten('idle'), 'the pruning');
    expect(await world.store.comments.count()).toEqual({ pullRequests: 0, sections: 0 });
  });

  it('is forgotten when there are too many, the longest idle first, and the log says so', async () => {
    await world.close();
    world = await createWorld({
      wrapStore: (store) => ({
        ...store,
        comments: { ...store.comments, prune: (idleBefore, most) => store.comments.prune(idleBefore, most - 49_999) },
      }),
    });
    await (await startWriter(world)).put();
    await world.clock.advance(1000);
    const other = { repository: 'acme/net', number: 8 };
    await (await startWriter(world, { vcs_pull_request_url: `${world.github.url}/acme/net/pull/8` })).put({ pull_request: other });
    await world.restart();
    await until(() => forgotten('crowded'), 'the pruning');
    const place = { task: 'gate', host: world.hcp.host, repository: 'acme/net' };
    const left = async (number: number) => (await world.store.comments.sections({ ...place, number }, () => 'small')).entries.length;
    expect([await left(7), await left(8)]).toEqual([0, 1]);
    expect(world.event('combined comments forgotten')).toMatchObject({ level: 'warn', fields: { count: 1 } });
  });
});

describe('trouble with the store', () => {
  it('is 503, and the call may be made again', async () => {
    await world.close();
    let broken = false;
    world = await createWorld({
      wrapStore: (store) => ({
        ...store,
        comments: {
          ...store.comments,
          change: (...args) =>
            broken ? Promise.reject(new Fault('E_STORE', 'disk', { retryable: true })) : store.comments.change(...args),
        },
      }),
    });
    const writer = await startWriter(world);
    broken = true;
    expect(await writer.call('section', aSection())).toMatchObject({ status: 503, body: { error: { code: 'unavailable' } } });
    expect(world.event('store trouble')).toMatchObject({ level: 'error' });
    broken = false;
    expect(await writer.put()).toMatchObject({ kept: true });
  });
});

describe('the texts of a section', () => {
  it('stand neither in the log nor in the metrics, and the lock nowhere', async () => {
    const writer = await startWriter(world, { is_speculative: true });
    const { revision } = await writer.put({ large: 'LARGE-TEXT', medium: 'MEDIUM-TEXT', small: 'SMALL-TEXT', reviewed: 'FINGER-PRINT' });
    const { lock } = await writer.held(revision);
    await writer.release(lock, { revision, comment: A_COMMENT });
    await writer.reviewed();
    const metrics = await (await world.relay.admin.fetch(new Request('http://127.0.0.1/metrics'))).text();
    expect(JSON.stringify(world.log) + metrics).not.toMatch(
      new RegExp(`LARGE-TEXT|MEDIUM-TEXT|SMALL-TEXT|FINGER-PRINT|${lock}|${writer.token}`),
    );
    expect(world.event('section kept')?.fields).toMatchObject({
      id: writer.id,
      workspace: 'net-prod',
      pull_request: 'acme/net#7',
      revision,
    });
    expect(world.event('comment released')?.fields).toMatchObject({ id: writer.id, wrote: true, comment: 4711 });
    for (const line of [
      'runtask_comment_sections_total{result="kept"} 1',
      'runtask_comment_locks_total{answer="held"} 1',
      'runtask_comment_releases_total{answer="done",wrote="yes"} 1',
      'runtask_comments 1',
      'runtask_comment_sections 1',
    ])
      expect(metrics).toContain(`${line}\n`);
  });
});
