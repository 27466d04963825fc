// What the checks said, in full: each with its findings, where they stand and what to do about them; exceptions; where checks come from.
import { isWaived } from '../../findings/count.ts';
import type { CheckResult, Finding } from '../../findings/finding.ts';
import { worstFirst, worstResultsFirst } from '../../findings/sort.ts';
import { sourceUrl } from '../source-url.ts';
import type { ReportModel } from '../model.ts';
import { waivedWords, waiverTrouble } from '../waiver-words.ts';
import { messageOf, plural } from '../words.ts';
import { code, help, joined, link, markup, NOTHING, prose, type Html } from './markup.ts';
import type { Outline } from './outline.ts';
import { list, type Room } from './room.ts';

const STATUS_WORDS: Readonly<Record<CheckResult['status'], string>> = {
  'failed': 'failed',
  'errored': 'could not run',
  'passed': 'passed',
  'not-applicable': 'does not apply',
};

export function* checkPieces(model: ReportModel, outline: Outline, room: Room): Generator<string> {
  for (const result of worstResultsFirst(model.results)) {
    const reason = result.reason === null ? NOTHING : markup`<p>${prose(result.reason)}</p>`;
    yield room.must(
      markup`<details class="check ${toneOf(result)}"${openIf(isLoud(result))}><summary>${checkTitle(result)}</summary>${reason}`,
    );
    // Help belongs to the rule: it is told once, with the first finding that needs it.
    const told = new Set<string>();
    const items = sorted(result.findings).map((finding) => (): Html => {
      const isFirst = finding.help !== null && !told.has(finding.help);
      if (finding.help !== null) told.add(finding.help);
      return findingItem(finding, model, outline, isFirst);
    });
    yield* list(items, room, 'the findings');
    yield room.must(markup`<p class="aside">${asideOf(result)}</p></details>`);
  }
}

const openIf = (open: boolean): Html => (open ? markup` open` : NOTHING);

/** What counts, then warnings and notes, then what is waived; the worst first. */
const sorted = (findings: readonly Finding[]): Finding[] => {
  const inOrder = worstFirst(findings);
  return [...inOrder.filter((finding) => !isWaived(finding)), ...inOrder.filter((finding) => isWaived(finding))];
};

const isLoud = ({ status }: CheckResult): boolean => status === 'failed' || status === 'errored';

const toneOf = (result: CheckResult): string => (!isLoud(result) ? 'quiet' : result.enforcement === 'advisory' ? 'warn' : 'bad');

function checkTitle({ check, status, enforcement, findings }: CheckResult): Html {
  const errors = findings.filter((finding) => finding.level === 'error' && !isWaived(finding)).length;
  const others = findings.length - errors;
  const notes = [
    ...(errors > 0 ? [plural(errors, 'finding')] : []),
    ...(others > 0 ? [`${others} that ${others === 1 ? 'does' : 'do'} not count`] : []),
    ...(enforcement === 'advisory' ? ['advisory'] : []),
  ];
  return markup`<b>${check}</b> <span class="state">${STATUS_WORDS[status]}</span>${notes.map((note) => markup` · ${note}`)}`;
}

function asideOf({ kind, origin, durationMs, status }: CheckResult): Html {
  const parts = [
    markup`kind ${code(kind)}`,
    ...(origin === undefined ? [] : [markup`from ${origin}`]),
    ...(status === 'not-applicable' ? [] : [markup`took ${durationMs} ms`]),
  ];
  return joined(parts, ' · ');
}

function findingItem(finding: Finding, model: ReportModel, outline: Outline, withHelp: boolean): Html {
  const { file, line, ruleId, url, severity } = finding;
  const more = [
    ...(file === null ? [] : [link(code(line === null ? file : `${file}:${line}`), sourceUrl(finding, model))]),
    ...(ruleId === null ? [] : [link(code(ruleId), url)]),
    ...(ruleId === null && url !== null ? [link(markup`more`, url)] : []),
    markup`${severity}`,
    ...(isWaived(finding) ? [markup`waived: ${prose(waivedWords(finding))}`] : []),
    ...(finding.standsFor === undefined ? [] : [markup`stands for ${plural(finding.standsFor, 'finding')}`]),
  ];
  const level = isWaived(finding) ? 'waived' : finding.level;
  const remedy =
    withHelp && finding.help !== null && finding.help.trim() !== '' ? markup`<div class="help">${help(finding.help)}</div>` : NOTHING;
  return markup`<li><span class="level ${level}">${level}</span> ${placeOf(finding, outline)}${prose(messageOf(finding))} <span class="more">${joined(more, ' · ')}</span>${remedy}</li>`;
}

function placeOf({ address, action }: Finding, outline: Outline): Html {
  if (address === null) return NOTHING;
  const anchor = outline.anchorOf(address);
  const name = anchor === undefined ? code(address) : markup`<a href="#${anchor}">${code(address)}</a>`;
  return markup`${name}${action === null ? '' : ` (${action})`}: `;
}

/** Waivers that have no effect or that nothing needs; sources of checks with their digests. */
export function exceptions({ waivers, sources }: ReportModel): Html {
  const troubles = waivers.flatMap((report) => waiverTrouble(report) ?? []);
  const from = sources.map(({ name, digest, checks }) => markup`${plural(checks, 'check')} from ${code(name)}, sha256 ${code(digest)}`);
  return markup`${fold(`${plural(troubles.length, 'waiver')} without effect, or that nothing needs`, troubles.map(prose))}${fold('Checks of other repositories', from)}`;
}

function fold(title: string, items: readonly Html[]): Html {
  if (items.length === 0) return NOTHING;
  return markup`<details><summary>${title}</summary><ul>${items.map((item) => markup`<li>${item}</li>`)}</ul></details>`;
}
