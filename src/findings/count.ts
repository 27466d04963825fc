// How many findings there are, those counted that one of them only stands for; which of them count for the verdict. Pure.
import type { CheckResult, Finding } from './finding.ts';

export const countFindings = (findings: readonly Finding[]): number => findings.reduce((sum, finding) => sum + (finding.standsFor ?? 1), 0);

/** What counts against a check: errors that no waiver covers. */
export const countingErrors = ({ findings }: Pick<CheckResult, 'findings'>): Finding[] =>
  findings.filter((finding) => finding.level === 'error' && finding.waived === undefined);

/** A finding that a waiver in effect covers. */
export type WaivedFinding = Finding & { readonly waived: NonNullable<Finding['waived']> };
export const isWaived = (finding: Finding): finding is WaivedFinding => finding.waived !== undefined;

export const waivedOf = (results: readonly CheckResult[]): WaivedFinding[] =>
  results.flatMap((result) => result.findings.filter((finding) => isWaived(finding)));
