// What the reports of a check are read against. Pure.
import type { CheckSpec } from '../../contracts/checks-file.ts';
import type { ResourceChange } from '../../plan/model.ts';
import type { KindContext } from '../kind.ts';
import type { ReportContext } from './report.ts';

export function createReportContext(check: CheckSpec, baseDir: string, context: KindContext): ReportContext {
  const { plan, planPath, configurationDir, workspaceDir } = context;
  return {
    actions: new Map((plan?.changes ?? []).map((change) => [change.address, change.action])),
    namesInModules: new Set((plan?.changes ?? []).filter(({ module }) => module !== '').map(localName)),
    roots: [...new Set([configurationDir, baseDir, workspaceDir].filter((root) => root !== null))],
    planPath,
    severity: check.severity,
  };
}

const localName = ({ mode, type, name }: ResourceChange): string => `${mode === 'data' ? 'data.' : ''}${type}.${name}`;
