// Twenty jobs of one pull request at once, over real HTTP, each as the action writes: put the section, ask for the lock, write, release. The
// comment is a variable that whoever writes last has written. Time is the test's: nobody sleeps.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { A_COMMENT, onGithub, writerOf, type CommentWriter } from './support/comment-writer.ts';
import { until } from './support/until.ts';
import { createWorld, type World } from './support/world.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

interface Comment {
  workspaces: readonly string[];
  writes: number;
}

/** @param work  how long it takes from reading the sections to having written, for each time that it holds the lock */
async function write(writer: CommentWriter, comment: Comment, work: readonly number[], hold: () => void = () => {}): Promise<string[]> {
  const { revision } = await writer.put({ digest: `digest-of-${writer.id}` });
  const answers: string[] = [];
  for (;;) {
    const answer = await writer.lock(revision);
    if (answer.kind === 'written') return [...answers, 'written'];
    if (answer.kind === 'wait') {
      await world.clock.sleep(answer.retry_after_ms);
      continue;
    }
    hold();
    await world.clock.sleep(work[answers.length] ?? 500);
    comment.workspaces = answer.sections.map(({ workspace }) => workspace);
    comment.writes++;
    const released = await writer.release(answer.lock, { revision: answer.revision, comment: A_COMMENT });
    answers.push(released);
    if (released === 'done') return answers;
  }
}

describe('twenty writers, one of them stalled for thirty seconds between reading and writing', () => {
  it('have all their sections in the comment at the end', async () => {
    const { url } = await world.relay.listen({ host: '127.0.0.1', port: 0 });
    const names = Array.from({ length: 20 }, (_, n) => `net-${String(n).padStart(2, '0')}`);
    const writers: CommentWriter[] = [];
    for (const [n, workspace_name] of names.entries()) {
      const { client_payload: payload } = await world.dispatched(onGithub(world, { workspace_name, run_id: `run-${n}` }));
      const { body } = await world.claim(payload, { claims: { run_id: String(9000 + n) } });
      // As in life: first the verdict, then the comment.
      await world.call('PATCH', `/v1/run-tasks/${payload.id}/result`, body.session_token, {
        status: 'passed',
        message: 'ok',
        outcomes: [],
      });
      writers.push(writerOf(overHttp(url), payload, body.session_token));
    }
    const comment: Comment = { workspaces: [], writes: 0 };
    const [first, ...others] = writers as [CommentWriter, ...CommentWriter[]];
    let reads = false;
    const stalled = write(first, comment, [30_000], () => (reads = true));
    await until(() => reads, 'the first to hold the lock');
    const rest = others.map((writer, n) => write(writer, comment, [200 + n * 150]));
    let over = false;
    const all = Promise.all([stalled, ...rest]).then((answers) => ((over = true), answers));
    await until(async () => {
      // Calls take no time here, however slow this machine is: what takes time is what the writers say.
      if (underWay === 0) await world.clock.advance(100);
      return over;
    }, 'the end of all writers');
    const answers = await all;

    expect(comment.workspaces).toEqual(names);
    // It wrote late and alone, was told so, and began anew.
    expect(answers[0]?.[0]).toBe('again');
    expect(answers[0]?.at(-1)).not.toBe('again');
    // The others needed far fewer than twenty writes.
    expect(comment.writes).toBeLessThan(5);
    expect(world.event('comment released too late: its holder has to begin anew')?.fields).toMatchObject({
      id: first.id,
      workspace: 'net-00',
    });
  });
});

let underWay = 0;

function overHttp(url: string): World['call'] {
  return async (method, path, token, body) => {
    underWay++;
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', 'authorization': `Bearer ${token}` },
      body: JSON.stringify(body),
    });
    const answer = { status: response.status, body: (await response.json()) as Record<string, unknown> };
    underWay--;
    return answer;
  };
}
