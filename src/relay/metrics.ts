// Counters in Prometheus' text form. By hand: a dozen lines, where prom-client would bring default collectors and a registry.
import type { CommentCount } from './store/comment-port.ts';

const HELP = {
  runtask_posts_total: 'Posts to /hooks by answer',
  runtask_refusals_total: 'Refused calls by reason',
  runtask_dispatches_total: 'Dispatches by result',
  runtask_claims_total: 'Claims by result',
  runtask_verdicts_total: 'Verdicts by status and who decided',
  runtask_deliveries_total: 'Deliveries of verdicts by result',
  runtask_running_updates_total: 'Progress updates to HCP Terraform by result and by the age of the access token in minutes',
  runtask_comment_sections_total: 'Sections of combined comments by what became of them',
  runtask_comment_locks_total: 'Answers to those who asked to write a combined comment',
  runtask_comment_releases_total: 'Releases of combined comments by answer',
  runtask_comments_forgotten_total: 'Combined comments that the store forgot, by reason',
  runtask_store_trouble_total: 'Operations that the store could not do',
} as const;
export type Counter = keyof typeof HELP;

/** What is read from the store when asked. */
export interface Gauges {
  /** By state. */
  readonly tasks: Readonly<Record<string, number>>;
  readonly comments: CommentCount;
}

export interface Metrics {
  count(counter: Counter, labels?: Readonly<Record<string, string>>): void;
  text(gauges: Gauges): string;
}

export function createMetrics(): Metrics {
  const values = new Map<Counter, Map<string, number>>();
  return {
    count(counter, labels = {}) {
      const series = values.get(counter) ?? new Map<string, number>();
      const key = toLabels(labels);
      series.set(key, (series.get(key) ?? 0) + 1);
      values.set(counter, series);
    },
    text({ tasks, comments }) {
      const lines: string[] = [];
      for (const [counter, help] of Object.entries(HELP)) {
        lines.push(`# HELP ${counter} ${help}`, `# TYPE ${counter} counter`);
        for (const [labels, value] of values.get(counter as Counter) ?? []) lines.push(`${counter}${labels} ${value}`);
      }
      lines.push('# HELP runtask_tasks Run tasks in the store by state', '# TYPE runtask_tasks gauge');
      for (const [state, value] of Object.entries(tasks)) lines.push(`runtask_tasks${toLabels({ state })} ${value}`);
      lines.push('# HELP runtask_comments Combined comments in the store', '# TYPE runtask_comments gauge');
      lines.push(`runtask_comments ${comments.pullRequests}`);
      lines.push('# HELP runtask_comment_sections Sections of combined comments in the store', '# TYPE runtask_comment_sections gauge');
      lines.push(`runtask_comment_sections ${comments.sections}`);
      return lines.join('\n') + '\n';
    },
  };
}

function toLabels(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${value.replace(/[\\"\n]/g, (c) => (c === '\n' ? '\\n' : `\\${c}`))}"`,
  );
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}
