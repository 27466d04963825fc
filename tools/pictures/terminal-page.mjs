// What a terminal would show, as a page: the few colours that our own renderer writes.
const COLOURS = {
  1: 'font-weight:bold',
  2: 'color:#8b949e',
  31: 'color:#ff7b72',
  32: 'color:#7ee787',
  33: 'color:#e3b341',
  36: 'color:#79c0ff',
};

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** @param {string} text  with SGR sequences; each style is ended before the next begins */
export function terminalPage(command, text) {
  const body = text
    .split(/(\u001b\[\d+m)/)
    .map((part) => {
      const code = /^\u001b\[(\d+)m$/.exec(part)?.[1];
      if (code === undefined) return escape(part);
      return code === '0' ? '</span>' : `<span style="${COLOURS[code]}">`;
    })
    .join('');
  return `<!doctype html><meta charset="utf-8"><style>
body { margin: 0; padding: 24px; background: #fff; }
div { background: #0d1117; color: #e6edf3; border-radius: 8px; padding: 16px 20px; width: max-content; min-width: calc(100% - 40px); }
pre { margin: 0; font: 13px/1.45 "DejaVu Sans Mono", ui-monospace, Menlo, Consolas, monospace; }
b { color: #7ee787; }
</style><div><pre><b>$</b> ${escape(command)}\n${body}</pre></div>`;
}
