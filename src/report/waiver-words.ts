// What is said of waivers, in plain words, for every view. No markup here.
import { cut } from '../base/cut.ts';
import type { WaivedFinding } from '../findings/count.ts';
import type { WaiverReport } from '../findings/finding.ts';
import { plural } from './words.ts';

const MAX_NAME = 100;
const MAX_REASON = 300;
const MAX_ADDRESSES = 3;

/** `The bucket is a website (platform@example.com, until 2027-01-31)` */
export const waivedWords = ({ waived: { reason, owner, expires } }: WaivedFinding): string =>
  `${cut(reason, MAX_REASON)} (${cut(owner, MAX_NAME)}, until ${expires})`;

/** `"checkov", rule CKV_AWS_20, at aws_s3_bucket.web`; names in backticks, which every view knows. */
export function waiverName({ waiver: { check, rule, addresses } }: WaiverReport): string {
  const at = (addresses ?? []).slice(0, MAX_ADDRESSES).map((address) => quoted(cut(address, 200)));
  const more = (addresses?.length ?? 0) - at.length;
  return [
    `"${cut(check, MAX_NAME)}"`,
    ...(rule === undefined ? [] : [`rule ${quoted(cut(rule, MAX_NAME))}`]),
    ...(at.length === 0 ? [] : [`at ${at.join(' ')}${more > 0 ? ` and ${more} more` : ''}`]),
  ].join(', ');
}

const quoted = (name: string): string => `\`${name}\``;

/** What is wrong with a waiver and what to do; null: nothing is, or this run cannot tell. */
export function waiverTrouble(report: WaiverReport): string | null {
  const { state, matched, waiver } = report;
  const name = waiverName(report);
  const would = matched > 0 ? `It would cover ${plural(matched, 'finding')} of this run` : 'Nothing in this run needs it';
  switch (state) {
    case 'expired': {
      const owner = waiver.owner === undefined ? '' : ` (${cut(waiver.owner, MAX_NAME)})`;
      return `The waiver for ${name}${owner} ended on ${waiver.expires}. ${would}: ${matched > 0 ? 'renew or remove it' : 'remove it'}.`;
    }
    case 'unowned':
      return `The waiver for ${name} has no owner, so it has no effect. ${would}: ${matched > 0 ? 'write its `owner`, or remove it' : 'remove it'}.`;
    case 'unmatched':
      return `Nothing in this run needs the waiver for ${name}. If that stays so, remove it.`;
    case 'in-effect':
    case 'not-asked':
      return null;
  }
}

/** Has no effect where it was meant to have one: whoever wrote it wonders why the check fails. */
export const isMissed = ({ state, matched }: WaiverReport): boolean => (state === 'expired' || state === 'unowned') && matched > 0;
