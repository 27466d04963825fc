// Takes pictures of HTML pages with a Chromium that is on the machine, over its debugging protocol. No package: Node has a WebSocket.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** @returns {Promise<{ shoot(spec: Shot): Promise<Buffer>, close(): Promise<void> }>} */
export async function startBrowser() {
  const profile = mkdtempSync(path.join(tmpdir(), 'runtask-pictures-'));
  const { child, url } = await startAny(profile);
  const socket = new WebSocket(url);
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = () => reject(new Error('Chromium does not answer'));
  });
  const waiting = new Map();
  const events = new Set();
  let last = 0;
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    if (message.id === undefined) return events.forEach((listener) => listener(message));
    const { resolve, reject } = waiting.get(message.id);
    waiting.delete(message.id);
    message.error === undefined ? resolve(message.result) : reject(new Error(message.error.message));
  };
  const call = (method, params = {}, sessionId) =>
    new Promise((resolve, reject) => {
      waiting.set(++last, { resolve, reject });
      socket.send(JSON.stringify({ id: last, method, params, sessionId }));
    });
  const event = (method, sessionId) =>
    new Promise((resolve) => {
      const listener = (message) => {
        if (message.method !== method || message.sessionId !== sessionId) return;
        events.delete(listener);
        resolve(message.params);
      };
      events.add(listener);
    });

  /**
   * @typedef {object} Shot
   * @property {string} file  a page on the disk
   * @property {number} width  CSS pixels
   * @property {number} [maxHeight]  a longer page is cut there
   * @property {boolean} [dark]
   * @property {readonly string[]} [open]  folds to open, as a reader would: words of their summaries
   * @property {number} [scale]  picture pixels for each CSS pixel
   *
   * @param {Shot} spec
   * @returns {Promise<Buffer>} PNG
   */
  async function shoot({ file, width, maxHeight = 4000, dark = false, open = [], scale = 1.25 }) {
    const { targetId } = await call('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await call('Target.attachToTarget', { targetId, flatten: true });
    const page = (method, params) => call(method, params, sessionId);
    await page('Page.enable');
    await page('Emulation.setDeviceMetricsOverride', { width, height: 800, deviceScaleFactor: scale, mobile: false });
    await page('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }] });
    const loaded = event('Page.loadEventFired', sessionId);
    await page('Page.navigate', { url: pathToFileURL(file).href });
    await loaded;
    for (const words of open) {
      const find = `[...document.querySelectorAll('summary')].find((one) => one.textContent.includes(${JSON.stringify(words)}))`;
      await page('Runtime.evaluate', { expression: `${find}.parentElement.open = true` });
    }
    const { cssContentSize } = await page('Page.getLayoutMetrics');
    const height = Math.min(Math.ceil(cssContentSize.height), maxHeight);
    // As tall as the page: what is outside of the window may not be drawn (content-visibility).
    await page('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: scale, mobile: false });
    const { data } = await page('Page.captureScreenshot', { format: 'png', clip: { x: 0, y: 0, width, height, scale: 1 } });
    await call('Target.closeTarget', { targetId });
    return Buffer.from(data, 'base64');
  }

  async function close() {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    // Not awaited: it may be gone before it has answered.
    void call('Browser.close');
    await ended;
    socket.close();
    rmSync(profile, { recursive: true, force: true });
  }
  return { shoot, close };
}

async function startAny(profile) {
  for (const name of NAMES) {
    const started = await start(name, profile);
    if (started !== null) return started;
  }
  throw new Error(`No Chromium on the PATH: one of ${NAMES.join(', ')} is needed`);
}

/** null: there is none of this name. */
function start(name, profile) {
  // Without a sandbox, because containers have none; the pages are our own.
  const child = spawn(name, [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--hide-scrollbars',
    '--remote-debugging-port=0',
    `--user-data-dir=${profile}`,
  ]);
  return new Promise((resolve, reject) => {
    let said = '';
    child.once('error', (error) => (error.code === 'ENOENT' ? resolve(null) : reject(error)));
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code}: ${said.slice(-500)}`)));
    child.stderr.setEncoding('utf8').on('data', (text) => {
      said += text;
      const url = /DevTools listening on (ws:\S+)/.exec(said)?.[1];
      if (url !== undefined) resolve({ child, url });
    });
  });
}
