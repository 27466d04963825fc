// Every text that leaves this program about one report, by name.
import { SECTION_LIMITS } from '../../../src/contracts/relay-api.ts';
import { fingerprintOf } from '../../../src/plan/fingerprint.ts';
import { maskedPlanJson } from '../../../src/plan/masked-plan-json.ts';
import { renderCombined, type CombinedPart } from '../../../src/report/combined.ts';
import { toAnnotations } from '../../../src/report/annotations.ts';
import { renderCommentPage } from '../../../src/report/comment-page.ts';
import { renderComment } from '../../../src/report/comment.ts';
import { jsonText } from '../../../src/report/escape.ts';
import { renderHtmlReport } from '../../../src/report/html/report.ts';
import type { ReportModel } from '../../../src/report/model.ts';
import { toSarif } from '../../../src/report/sarif.ts';
import { readSection, toSection, withOwn, writeSection } from '../../../src/report/section.ts';
import { toStatusLine } from '../../../src/report/status-line.ts';
import { renderCheckRun, renderSummary } from '../../../src/report/summary.ts';
import { toTaskResult } from '../../../src/report/task-result.ts';
import { renderTerminal } from '../../../src/report/terminal.ts';

/** Markdown that GitHub shows. */
export function markdownViews(model: ReportModel): Record<string, string> {
  return {
    'comment': renderComment(model),
    'comment with what was reviewed': renderComment(model, { run: model.run.run_id, fingerprint: fingerprint(model, 4000) }),
    'summary': renderSummary(model),
    'check run': renderCheckRun(model),
    'combined comment of one': combinedView([model], 'large'),
    'combined comment': combinedView([model], 'medium', true),
  };
}

/** The comment for all of them, from what the relay hands out; one more was told by another version. */
export function combinedView(models: readonly ReportModel[], length: 'large' | 'medium' | 'small', withUnknown = false): string {
  const parts = models.map(({ run, ...model }): CombinedPart => {
    const written = writeSection(toSection({ run, ...model }));
    const { organization, workspace, run_id, run_url, run_created_at } = run;
    const read = readSection(written[length]);
    const section = read === null ? null : withOwn(read, written.own);
    return { organization, workspace, run_id, run_url, run_created_at, digest: written.digest, section };
  });
  const [first] = parts;
  const unknown = withUnknown && first !== undefined ? [{ ...first, digest: 'another', section: null }] : [];
  return renderCombined([...parts, ...unknown], { task: models[0]?.run.workspace ?? '', revision: 7 });
}

/** Markdown that HCP Terraform shows. */
export const outcomeBodies = (model: ReportModel): string[] => (toTaskResult(model).outcomes ?? []).flatMap(({ body }) => body ?? []);

export const htmlViews = (model: ReportModel): Record<string, string> => ({
  'page': [...renderHtmlReport([model])].join(''),
  'page of two': [...renderHtmlReport([model, model])].join(''),
  'comment as a page': renderCommentPage(renderSummary(model), { title: model.run.workspace, css: '' }),
});

export const terminalViews = (model: ReportModel): Record<string, string> => ({
  'terminal': renderTerminal(model, { colour: false, width: 100, maxLines: Infinity }),
  'terminal in colours': renderTerminal(model, { colour: true, width: 80 }),
});

export function dataViews(model: ReportModel): Record<string, string> {
  const { large, medium, small, own, digest } = writeSection(toSection(model));
  const { plan, masker } = model;
  return {
    'large section': large,
    'medium section': medium,
    'small section': small,
    'own part of the section': own,
    'digest of the section': digest,
    'status line': toStatusLine(model).description,
    'task result': JSON.stringify(toTaskResult(model)),
    'task result on a terminal': jsonText(toTaskResult(model)),
    'masked plan': plan === null || masker === null ? '' : [...maskedPlanJson(plan, masker)].join(''),
    'fingerprint': fingerprint(model, SECTION_LIMITS.reviewed),
    'SARIF': JSON.stringify(toSarif(model)),
    'annotations': JSON.stringify(toAnnotations(model)),
  };
}

function fingerprint({ plan, masker }: ReportModel, room: number): string {
  return plan === null || masker === null ? '' : fingerprintOf(plan, masker, room);
}

export const allViews = (model: ReportModel): Record<string, string> => ({
  ...markdownViews(model),
  ...htmlViews(model),
  ...terminalViews(model),
  ...dataViews(model),
});
