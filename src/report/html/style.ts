// How the report looks: on a wide screen and a narrow one, in the dark, on paper. No font, no picture, nothing loaded.

/** Colours in pairs of text and ground with a contrast of 4.5:1 or more, light and dark (WCAG 2.2, 1.4.3). */
export const STYLE = `
:root { color-scheme: light dark; --text: #1f2328; --soft: #59636e; --ground: #fff; --raised: #f6f8fa; --line: #d1d9e0; --link: #0550ae;
  --bad: #b3151f; --bad-ground: #ffebe9; --warn: #7d4e00; --warn-ground: #fff8c5; --good: #116329; --good-ground: #dafbe1;
  --calm: #0a3069; --calm-ground: #ddf4ff; --change: #7d3200; --change-ground: #ffe5cc; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --soft: #9ba5b0; --ground: #0d1117; --raised: #161b22; --line: #3d444d; --link: #79b8ff;
  --bad: #ffb3ad; --bad-ground: #4b1113; --warn: #f0c674; --warn-ground: #372a06; --good: #8ddb9b; --good-ground: #0b3518;
  --calm: #a5d6ff; --calm-ground: #0b2a4a; --change: #ffc899; --change-ground: #4a2200; } }
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; background: var(--ground); color: var(--text); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; overflow-wrap: anywhere; }
.page { display: grid; grid-template-columns: 16rem minmax(0, 1fr); gap: 0 2rem; max-width: 84rem; margin: 0 auto; padding: 0 1.5rem 3rem; }
.top { grid-column: 1 / -1; padding: 1.5rem 0 .75rem; border-bottom: 1px solid var(--line); margin-bottom: 1rem; }
nav { font-size: .9rem; position: sticky; top: 0; align-self: start; max-height: 100vh; overflow: auto; padding: .5rem 0; }
nav ul { list-style: none; margin: 0; padding: 0; } nav details ul { padding-left: .9rem; } nav a { display: flex; justify-content: space-between; gap: .5rem; padding: .15rem .3rem; text-decoration: none; }
nav .count { color: var(--soft); font-variant-numeric: tabular-nums; }
a { color: var(--link); } a:focus-visible, summary:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 2px; }
.skip { position: absolute; left: -100rem; } .skip:focus { left: 1rem; top: .5rem; background: var(--ground); padding: .4rem; z-index: 1; }
h1, h2, h3, h4, h5, h6 { line-height: 1.3; margin: 1.6em 0 .6em; } h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.3rem; } h3 { font-size: 1.12rem; } h4, h5, h6 { font-size: 1rem; }
h2 small, h3 small, h4 small, h5 small, h6 small { color: var(--soft); font-weight: normal; }
main > :first-child h2:first-child { margin-top: .4em; } .workspace + .workspace { border-top: 3px solid var(--line); margin-top: 3rem; }
.good { --tone: var(--good); } .warn { --tone: var(--warn); } .bad { --tone: var(--bad); } .plain, .quiet { --tone: var(--soft); }
.verdict { color: var(--tone); }
.box { border-left: 4px solid var(--tone); padding: .6rem 1rem; margin: 1rem 0; border-radius: 0 4px 4px 0; } .box p { margin: .2rem 0; } .box ul { margin: .4rem 0; padding-left: 0; list-style: none; }
.box.bad { background: var(--bad-ground); } .box.warn { background: var(--warn-ground); }
.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .2rem 1.2rem; margin: .5rem 0; } .facts dt { color: var(--soft); } .facts dd { margin: 0; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .35rem .8rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; } th { color: var(--soft); font-weight: 600; } th[scope=col], td.verdict { white-space: nowrap; } th[scope=row] { min-width: 6rem; }
code, pre { font-family: ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; font-size: .9em; }
code { background: var(--raised); border-radius: 4px; padding: .1em .3em; } a code, summary code { background: none; padding: 0; }
pre { margin: .4rem 0 .8rem; padding: .4rem 0; background: var(--raised); border-radius: 6px; line-height: 1.45; white-space: pre-wrap; tab-size: 4; overflow: hidden; }
pre > * { display: block; text-decoration: none; font-style: normal; padding: 0 .8rem 0 calc(.8rem + 4ch); text-indent: -4ch; }
ins { color: var(--good); background: var(--good-ground); } del { color: var(--bad); background: var(--bad-ground); } mark { color: var(--change); background: var(--change-ground); } pre i { color: var(--soft); }
ul.resources, ul.items { list-style: none; margin: .3rem 0; padding: 0; } ul.resources > li, section > ul.items > li { padding: .2rem 0 .2rem 1.2rem; content-visibility: auto; contain-intrinsic-size: auto 1.9rem; }
summary { cursor: pointer; padding: .1rem 0; } li > details > summary { margin-left: -1.2rem; } summary:hover { background: var(--raised); }
.mark { display: inline-block; min-width: 2.2em; text-align: center; border-radius: 4px; font: bold .85em ui-monospace, Menlo, Consolas, monospace; padding: .05em .3em; color: var(--calm); background: var(--calm-ground); }
.mark.destroy, .mark.replace { color: var(--bad); background: var(--bad-ground); } .mark.create { color: var(--good); background: var(--good-ground); } .mark.update, .mark.other, .mark.forget { color: var(--change); background: var(--change-ground); }
.check { border-left: 4px solid var(--tone); padding: .1rem 0 .1rem .8rem; margin: .6rem 0; } .check > summary { padding: .2rem 0; } .state { color: var(--tone); font-weight: 600; } .check ul { margin: .4rem 0; padding-left: 0; list-style: none; } .check li { padding: .2rem 0; }
.level { display: inline-block; border: 1px solid currentColor; border-radius: 4px; font-size: .78rem; padding: 0 .35em; color: var(--soft); } .level.error { color: var(--bad); } .level.warning { color: var(--warn); }
.more, .aside, .cut, footer { color: var(--soft); font-size: .9rem; } .aside { margin: .2rem 0; }
.help { border-left: 2px solid var(--line); margin: .3rem 0 .3rem .5rem; padding-left: .8rem; } .help p, .help ul { margin: .3rem 0; } .help ul { list-style: disc; padding-left: 1.2rem; }
.cut { font-style: italic; } .if-cut { display: none; } body:has(#left-out) .if-cut { display: block; }
footer { grid-column: 1 / -1; border-top: 1px solid var(--line); margin-top: 2rem; padding-top: .6rem; }
@media (max-width: 60rem) { .page { display: block; padding: 0 1rem 2rem; } nav { position: static; max-height: none; border-bottom: 1px solid var(--line); margin-bottom: 1rem; } .facts { grid-template-columns: 1fr; gap: 0; } .facts dd { margin-bottom: .4rem; } ul.resources > li, section > ul.items > li { padding-left: 1rem; } li > details > summary { margin-left: -1rem; } }
@media print { body { font-size: 10pt; } .page { display: block; max-width: none; padding: 0; } nav, .skip { display: none; } a { color: inherit; } ul.resources > li, section > ul.items > li { content-visibility: visible; } details::details-content { content-visibility: visible; block-size: auto; } summary, .check li, pre > * { break-inside: avoid; } h2, h3, h4, h5, summary { break-after: avoid; } * { print-color-adjust: exact; } }
@media (forced-colors: active) { ins, del, mark, .mark { border: 1px solid; } }
`;
