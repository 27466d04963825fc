// What one workspace has to say on a pull request: masked, bounded data that can be kept elsewhere and rendered later, by another job.
// Markdown is made of it at the end (combined.ts, comment.ts), never read back.
import { Fault } from '../base/fault.ts';
import type { SectionRequest } from '../contracts/relay-api.ts';
import type { ReportModel } from './model.ts';

export interface Section {
  readonly version: 1;
}

export function toSection(_model: ReportModel): Section {
  throw new Fault('E_NOT_BUILT', 'Sections are not built yet', { retryable: false });
}

/** The section at the lengths that the relay keeps, and a digest that is equal for sections that say the same. */
export function writeSection(_section: Section): Pick<SectionRequest, 'digest' | 'large' | 'medium' | 'small'> {
  throw new Fault('E_NOT_BUILT', 'Sections are not built yet', { retryable: false });
}

/** @returns null: written by another version, or nothing that we wrote */
export function readSection(_text: string): Section | null {
  return null;
}
