// A piece of work and its time: on a clock that the test moves.
import { describe, expect, it } from '@jest/globals';
import { TimeIsUp, withinTime } from '../../src/checks/within-time.ts';
import { createManualClock } from '../support/manual-clock.ts';

const running = (): AbortSignal => new AbortController().signal;
const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

describe('withinTime', () => {
  it('gives the answer and leaves no timer', async () => {
    const clock = createManualClock();
    expect(await withinTime(1000, { clock, signal: running() }, async () => 7)).toBe(7);
    expect(clock.waiting).toBe(0);
  });

  it('gives what the work throws', async () => {
    const work = withinTime(1000, { clock: createManualClock(), signal: running() }, () => Promise.reject(new Error('broken')));
    await expect(work).rejects.toThrow('broken');
  });

  it('does not take an answer that comes after the time', async () => {
    const clock = createManualClock();
    const late = withinTime(1500, { clock, signal: running() }, async (signal) => (await aborted(signal), 'too late'));
    const refused = expect(late).rejects.toThrow(new TimeIsUp('Not finished after 1.5 s. Make it faster, or give it a longer `timeout`'));
    await clock.advance(1500);
    await refused;
    expect(clock.waiting).toBe(0);
  });

  it('says that time is up, not what broke while it was being stopped', async () => {
    const clock = createManualClock();
    const work = withinTime(60_000, { clock, signal: running() }, (signal) =>
      aborted(signal).then(() => Promise.reject(new Error('EPIPE'))),
    );
    const refused = expect(work).rejects.toThrow('Not finished after 1 min');
    await clock.advance(60_000);
    await refused;
  });

  it('leaves work behind that does not stop', async () => {
    const clock = createManualClock();
    const work = withinTime(1000, { clock, signal: running() }, () => new Promise(() => {}));
    const refused = expect(work).rejects.toThrow(TimeIsUp);
    await clock.advance(1000);
    await clock.advance(5000);
    await refused;
  });

  it('ends with the whole, and does not begin after it', async () => {
    const whole = new AbortController();
    const work = withinTime(1000, { clock: createManualClock(), signal: whole.signal }, async (signal) => aborted(signal));
    whole.abort(new Error('cancelled'));
    await expect(work).rejects.toThrow('The time for all checks ended');
    let began = false;
    const never = withinTime(1000, { clock: createManualClock(), signal: whole.signal }, async () => (began = true));
    await expect(never).rejects.toThrow('The time for all checks ended');
    expect(began).toBe(false);
  });
});
