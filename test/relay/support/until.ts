// Waits for something that a real server or a real store will come to. Turns the event loop; sleeps nowhere.

export async function until<T>(look: () => T | undefined | null | false | Promise<T | undefined | null | false>, what: string): Promise<T> {
  const end = performance.now() + 10_000;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (performance.now() > end) throw new Error(`never came: ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
