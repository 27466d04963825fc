// How many findings there are, those counted that one of them only stands for. Pure.
import type { Finding } from './finding.ts';

export const countFindings = (findings: readonly Finding[]): number => findings.reduce((sum, finding) => sum + (finding.standsFor ?? 1), 0);
