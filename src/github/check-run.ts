// A check run on the planned commit: verdict, report, and annotations on the lines of its files. Information, as the commit status is.
//
// GitHub takes 50 annotations in a request and appends those of later ones (docs.github.com, "REST API endpoints for check runs", read
// 2026-11-22). No request is retried here.
import { toGithubFault } from './octokit-fault.ts';
import type { Octokit } from './viewer.ts';

export interface CheckRunAnnotation {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly annotation_level: 'failure' | 'warning' | 'notice';
  readonly title: string;
  readonly message: string;
}

export interface CheckRun {
  readonly owner: string;
  readonly repo: string;
  /** The commit that was planned. */
  readonly sha: string;
  readonly name: string;
  readonly conclusion: 'success' | 'failure' | 'neutral';
  readonly detailsUrl: string;
  readonly externalId: string;
  readonly title: string;
  /** Markdown, at most 65,535 bytes. */
  readonly summary: string;
  readonly annotations: readonly CheckRunAnnotation[];
}

const PER_REQUEST = 50;

/** @returns its page @throws Fault */
export async function writeCheckRun(octokit: Octokit, run: CheckRun): Promise<string> {
  const { owner, repo, sha, name, conclusion, title, summary } = run;
  const outputs = batches(run.annotations).map((annotations) => ({ title, summary, annotations }));
  try {
    const [first, ...rest] = outputs;
    const { data } = await octokit.rest.checks.create({
      ...{ owner, repo, name, conclusion },
      head_sha: sha,
      status: 'completed',
      details_url: run.detailsUrl,
      external_id: run.externalId,
      output: first ?? { title, summary },
    });
    for (const output of rest) await octokit.rest.checks.update({ owner, repo, check_run_id: data.id, output });
    return data.html_url ?? run.detailsUrl;
  } catch (error) {
    throw toGithubFault(
      `write a check run on ${owner}/${repo}@${sha.slice(0, 12)}, which needs \`checks: write\` and a GitHub App's token`,
      error,
    );
  }
}

function batches(annotations: readonly CheckRunAnnotation[]): CheckRunAnnotation[][] {
  const all: CheckRunAnnotation[][] = [];
  for (let from = 0; from < annotations.length; from += PER_REQUEST) all.push(annotations.slice(from, from + PER_REQUEST));
  return all;
}
