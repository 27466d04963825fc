// The two pages that payloads link to, a workspace and a run, so that a link in a comment leads somewhere. Shown to anybody who
// can reach loopback; no token and no callback URL is on them.
import type { Outcome } from '../../contracts/task-result.ts';
import { notFound } from './json-api.ts';
import type { Handler } from './router.ts';
import type { RunLife } from './run.ts';
import type { Answer } from './server.ts';
import type { TaskResultRecord } from './types.ts';
import type { World } from './world.ts';

export function pageRoutes(world: World): Record<string, Handler> {
  const runsOf = (organization: string, name: string): RunLife[] => {
    const workspace = world.workspaceNamed(organization, name);
    if (workspace === undefined) throw notFound();
    return [...world.runs.values()].filter((run) => run.workspaceId === workspace.id);
  };
  return {
    'GET /:organization/:workspace': ({ params }) => {
      const { organization, workspace } = params as { organization: string; workspace: string };
      const rows = runsOf(organization, workspace).map(
        (run) => `<li><a href="${escape(pathOf(run))}">${escape(run.id)}</a> ${escape(run.status)}: ${escape(run.spec.message)}</li>`,
      );
      return page(`${organization}/${workspace}`, `<ul>${rows.reverse().join('')}</ul>`);
    },
    'GET /:organization/:workspace/runs/:id': ({ params }) => {
      const run = runsOf(params['organization']!, params['workspace']!).find((one) => one.id === params['id']);
      if (run === undefined) throw notFound();
      const facts = `<p>${escape(run.status)}${run.spec.speculative ? ' (plan only)' : ''}: ${escape(run.spec.message)}</p>`;
      return page(run.id, facts + run.taskResults.map(toSection).join(''));
    },
  };
}

const pathOf = ({ id, spec: { workspace } }: RunLife): string => `/app/${workspace.organization}/${workspace.name}/runs/${id}`;

function toSection(result: TaskResultRecord): string {
  // Only http(s) links are accepted at the callback; anything else never gets here.
  const details = result.url === null ? '' : ` <a href="${escape(result.url)}" rel="noreferrer">Details</a>`;
  return `<section><h2>${escape(result.stage)}: ${escape(result.task)} (${result.enforcementLevel})</h2>
<p><b>${result.status}</b> ${escape(result.message ?? '')}${details}</p>${result.outcomes.map(toArticle).join('')}</section>`;
}

function toArticle({ outcomeId, description, body, tags }: Outcome): string {
  const labels = Object.entries(tags ?? {}).flatMap(([key, values]) => values.map(({ label }) => `${key}: ${label}`));
  return `<details><summary>${escape(outcomeId)} ${escape(description)} <i>${escape(labels.join(', '))}</i></summary>
<pre>${escape(body ?? '')}</pre></details>`;
}

function page(title: string, content: string): Answer {
  return {
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      // Messages and outcomes are text from outside.
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    },
    body: `<!doctype html><meta charset="utf-8"><title>${escape(title)}</title>
<style>body{font:16px/1.5 system-ui;max-width:60rem;margin:2rem auto;padding:0 1rem}pre{white-space:pre-wrap}</style>
<h1>${escape(title)}</h1>${content}<p><small>HCP Terraform emulator</small></p>
`,
  };
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
