// Random strings made to break out, at every place of a plan and a report that text from outside can reach: nobody who reads the views
// finds a structure, a link, a mention or a command that we did not write.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hostile } from '../gfm.ts';
import { planFrom } from '../models.ts';
import { planDocuments } from './documents.ts';
import { frames, toModel, type Frame } from './reports.ts';
import { runs, TIMEOUT_MS } from './runs.ts';
import { FOREIGN, htmlOddities, oddities, outcomeOddities, terminalOddities, unreadable } from './structure.ts';
import { combinedView, dataViews, htmlViews, markdownViews, outcomeBodies, terminalViews } from './views.ts';

/** What would make a block of its own, in more of the forms that a line can have. */
const blocks = fc
  .tuple(
    fc.constantFrom('', 'x', '`', '```', '<details>', '|'),
    fc.constantFrom('\n', '\n\n', '\r\n', '\r', '\u2028', '  \n', '\\\n', ' '),
    fc.constantFrom(
      ...[
        '# ',
        '### ',
        '#### ',
        '- ',
        '* ',
        '1. ',
        '- [ ] ',
        '- [x] ',
        '> ',
        '> [!CAUTION]\n> ',
        '| ',
        '[^1]: ',
        '[a]: https://evil.example ',
        '    ',
        '```\n',
        '~~~\n',
        '::error::',
        '::set-output name=a::',
        '##[error]',
        '<h1>',
        '<script>',
        '-----\n',
        '</summary></details>\n\n# ',
      ],
    ),
    fc.constantFrom('', '\n=====', '\n-----', '\n|---|---|\n| a | b |', '\n', '\n\n</details>\n\n', ' @org/team #1 acme/net#12 GH-7'),
  )
  // White space alone may go: then the word stands rightly at the beginning.
  .map(([before, line, opening, end]) => `${before}${line}${opening}${opening.trim() === '' ? 'told' : FOREIGN}${end}`);
const text = fc.oneof(
  hostile,
  blocks,
  fc.tuple(hostile, blocks).map(([a, b]) => a + b),
);
const url = fc.oneof(
  fc.constant('https://link.example/x'),
  text.map((tail) => `https://link.example/${tail}`),
  text.map((tail) => `javascript:${tail}`),
  text.map((tail) => `https://link.example@evil.example/${tail}`),
);

/** What is to be done may have links and bullets: a check's author wrote it. */
const withOwnHelp = (frame: Frame): Frame => ({
  ...frame,
  results: frame.results.map((result) => ({
    ...result,
    findings: result.findings.map((finding) => ({
      ...finding,
      help: finding.help?.replace(/(https?:\/\/)[^/\s]*/g, '$1link.example/').replaceAll(FOREIGN, 'told') ?? null,
    })),
  })),
});

describe('no view of a report', () => {
  it(
    'has a structure that a value, a name or a message brought in',
    async () => {
      const documents = planDocuments({ text, name: text, secret: text });
      const reports = frames({ text, said: text, url }).map(withOwnHelp);
      await fc.assert(
        fc.asyncProperty(fc.option(documents, { freq: 9 }), reports, reports, async (document, frame, other) => {
          const plan = document === null ? null : await planFrom(JSON.stringify(document));
          const model = toModel(plan, frame);
          const odd: Record<string, string[]> = {};
          for (const [view, markdown] of Object.entries(markdownViews(model))) {
            const marker = view.startsWith('combined') ? 'runtask combined v1' : view.startsWith('comment') ? 'runtask v1' : null;
            odd[view] = oddities(markdown, { marker, tables: view === 'combined comment' ? 1 : 0 });
          }
          const both = combinedView([model, toModel(plan, other), toModel(null, other)], 'small');
          odd['combined comment of three'] = oddities(both, {
            marker: 'runtask combined v1',
            tables: both.includes('| Workspace |') ? 1 : 0,
          });
          outcomeBodies(model).forEach((body, i) => (odd[`outcome ${i}`] = outcomeOddities(body)));
          for (const [view, out] of Object.entries(terminalViews(model))) odd[view] = terminalOddities(out);
          for (const [view, page] of Object.entries(htmlViews(model))) odd[view] = htmlOddities(page);
          const data = dataViews(model);
          odd['status line'] = unreadable(data['status line'] ?? '');
          odd['task result'] = terminalOddities(data['task result on a terminal'] ?? '');
          expect(Object.fromEntries(Object.entries(odd).filter(([, what]) => what.length > 0))).toEqual({});
        }),
        runs(100),
      );
    },
    TIMEOUT_MS,
  );
});
