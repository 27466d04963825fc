import { describe, expect, it } from '@jest/globals';
import { createPace } from '../../../src/hcp/management/pace.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const make = (signal = new AbortController().signal) => {
  const clock = createManualClock();
  const start = clock.now();
  const pace = createPace({ clock, signal, perSecond: 25, concurrent: 10 });
  const times: number[] = [];
  return { clock, pace, times, go: () => pace.turn().then(() => void times.push(clock.now() - start)) };
};

describe('createPace', () => {
  it('lets one go every 40 ms: never 30 within a second, however the seconds are cut', async () => {
    const { clock, times, go } = make();
    for (let i = 0; i < 60; i++) void go();
    await clock.advance(3000);
    expect(times).toEqual(Array.from({ length: 60 }, (_, i) => i * 40));
  });

  it('makes up no time that was not used', async () => {
    const { clock, times, go } = make();
    void go();
    await clock.advance(5000);
    for (let i = 0; i < 3; i++) void go();
    await clock.advance(5000);
    expect(times).toEqual([0, 5000, 5040, 5080]);
  });

  it('holds everybody back while HCP asks to wait', async () => {
    const { clock, pace, times, go } = make();
    void go();
    await clock.advance(0);
    pace.pause(7000);
    pace.pause(100);
    for (let i = 0; i < 2; i++) void go();
    await clock.advance(10_000);
    expect(times).toEqual([0, 7000, 7040]);
  });

  it('does not wait an hour when the clock is set back an hour', async () => {
    const real = createManualClock();
    let back = 0;
    const clock = { ...real, now: () => real.now() - back };
    const pace = createPace({ clock, signal: new AbortController().signal, perSecond: 25, concurrent: 10 });
    await pace.turn();
    back = 3_600_000;
    let gone = false;
    void pace.turn().then(() => (gone = true));
    await real.advance(100);
    expect(gone).toBe(true);
  });

  it('has no more than ten under way', async () => {
    const { pace } = make();
    let running = 0;
    let most = 0;
    const gates: (() => void)[] = [];
    const all = Array.from({ length: 25 }, () =>
      pace.run(async () => {
        most = Math.max(most, ++running);
        await new Promise<void>((resolve) => gates.push(resolve));
        running -= 1;
      }),
    );
    for (let left = 25; left > 0;) {
      await new Promise((resolve) => setImmediate(resolve));
      for (const open of gates.splice(0)) {
        open();
        left -= 1;
      }
    }
    await Promise.all(all);
    expect(most).toBe(10);
  });

  it('stops waiting when the user interrupts', async () => {
    const stop = new AbortController();
    const { clock, go } = make(stop.signal);
    await go();
    const waiting = expect(go()).rejects.toThrow('stop');
    stop.abort(new Error('stop'));
    await waiting;
    await expect(go()).rejects.toThrow('stop');
    expect(clock.now()).toBe(createManualClock().now());
  });
});
