// The beginning and the end of what one section says in Markdown: verdict, what is wrong with it, which run it is about; the footer.
import { cut } from '../../base/cut.ts';
import { MARKDOWN } from '../dialect.ts';
import { code, link, oneLine, prose } from '../escape.ts';
import { say } from '../phrase.ts';
import { stateWords } from '../run-state.ts';
import type { Phrase, Section, Segment, Whose } from '../section/data.ts';
import { plural } from '../words.ts';

/** Of names that HCP and Terraform keep far shorter. */
const MAX_NAME = 200;
const MAX_NOTICE = 1000;
/** Of all, as they are rendered: nothing of them is left out for other things. */
const MAX_NOTICES_LENGTH = 16_000;
const MAX_SOURCES = 5;

/**
 * Cut as it will be shown: an invisible character becomes ten visible ones, and nothing of this is left out for length. Without it the
 * names of a few hostile resources would make a comment that GitHub refuses.
 */
export const brief = (text: string, max = MAX_NAME): string => cut(oneLine(text), max);

export type Sign = '❌' | '⚠️' | '✅' | '📋';

export function signOf({ verdict, checks: { counts }, state }: Section): Sign {
  if (verdict === 'failed' || state.kind === 'errored') return '❌';
  if (verdict === null) return '📋';
  // Passed although a check failed: observed only, or all that failed is advisory.
  return counts.failed + counts.errored + counts.advisory > 0 ? '⚠️' : '✅';
}

/** Verdict and counts, without markup: what a mail or a chat shows. */
export const headlineWords = ({ state, headline }: Section): string =>
  [stateWords(state), brief(headline.checks, 300), brief(headline.plan, 300)].filter((part) => part !== '').join(' · ');

/** One alert for all: two of them must not follow each other. */
export function noticesText({ notices }: Section): string {
  let length = 0;
  const shown = notices
    .map((notice) => `> ${say(briefPhrase(notice, MAX_NOTICE), MARKDOWN)}`)
    .filter((line) => (length += line.length) <= MAX_NOTICES_LENGTH);
  const more = notices.length > shown.length ? [`> … and ${notices.length - shown.length} more`] : [];
  return notices.length === 0 ? '' : `> [!WARNING]\n${[...shown, ...more].join('\n>\n')}`;
}

export const briefPhrase = (phrase: Phrase, max: number): Phrase => {
  let left = max;
  return phrase.flatMap((segment): Segment[] => {
    const [kind, text] =
      typeof segment === 'string'
        ? ([null, segment] as const)
        : 'code' in segment
          ? (['code', segment.code] as const)
          : (['bold', segment.bold] as const);
    if (left <= 0) return [];
    const shown = brief(text, left);
    left -= shown.length;
    return [kind === null ? shown : kind === 'code' ? { code: shown } : { bold: shown }];
  });
};

/** Empty only where there is neither a run nor a plan. */
export function context({ run, plan }: Section, whose: Whose): string {
  const task = [
    link(code(brief(whose.run_id)), whose.run_url),
    run.stage.replaceAll('_', '-'),
    run.enforcement,
    ...(run.speculative ? ['speculative'] : []),
  ];
  return [...(run.withoutTask ? [] : task), ...(plan === null || plan.line === '' ? [] : [prose(brief(plan.line))])].join(' · ');
}

export function footer(section: Section): string[] {
  const { sources, commit, workflow, terraform, plan } = section;
  const hidden = plan?.hidden ?? 0;
  const more = sources.more + Math.max(0, sources.items.length - MAX_SOURCES);
  return [
    // Twelve digits are enough to compare by eye; the file of findings has all.
    ...sources.items
      .slice(0, MAX_SOURCES)
      .map(
        ({ name, digest, checks }) => `${plural(checks, 'check')} from ${code(brief(name))} (sha256 ${code(brief(digest.slice(0, 12)))})`,
      ),
    ...(more > 0 ? [`${plural(more, 'more source')} of checks`] : []),
    ...(commit === null ? [] : [`commit ${link(code(brief(commit.sha.slice(0, 12))), commit.url)}`]),
    ...(workflow === null ? [] : [link('workflow run', workflow)]),
    ...(terraform === null ? [] : [`Terraform ${prose(brief(terraform, 40))}`]),
    ...(hidden > 0 ? [`${plural(hidden, 'sensitive value')} hidden`] : []),
  ];
}

export const footerLine = (parts: readonly string[]): string => `<sub>${[...parts, 'runtask'].join(' · ')}</sub>`;

/** Where the whole is to be read when a text is cut short; Markdown. */
export const leftOutText = (missing: readonly string[], workflow: string | null): string =>
  missing.length === 0
    ? ''
    : `_Left out for length: ${missing.join('; ')}.${workflow === null ? '' : ` The whole is in the ${link('job summary', workflow)}.`}_`;
