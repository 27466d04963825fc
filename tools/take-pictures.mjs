// Takes the pictures of docs/pictures anew, of plans of our own (tools/pictures/plans.mjs), with the Chromium on the PATH:
//
//   npx node tools/take-pictures.mjs
//   npx node tools/take-pictures.mjs --only report --out /tmp/pictures
//
// Needs a Chromium and fonts with emoji (Debian: chromium fonts-noto-color-emoji). Not part of CI: fonts differ from machine to machine.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readGithubCss, toLocalModel } from '../src/cli/render.ts';
import { readPlan } from '../src/plan/read-plan.ts';
import { renderCommentPage } from '../src/report/comment-page.ts';
import { renderCombined } from '../src/report/combined.ts';
import { renderComment } from '../src/report/comment.ts';
import { renderHtmlReport } from '../src/report/html/report.ts';
import { toSection, writeSection } from '../src/report/section.ts';
import { startBrowser } from './pictures/browser.mjs';
import { tellConfigStory } from './pictures/config-story.mjs';
import { PROD, REGION, SMALL, UNCHANGED } from './pictures/plans.mjs';
import { terminalPage } from './pictures/terminal-page.mjs';

const ROOT = path.resolve(import.meta.dirname, '..');
const CHECKS = 'tools/pictures/checks.yml';
const { values } = parseArgs({ options: { out: { type: 'string', default: path.join(ROOT, 'docs/pictures') }, only: { type: 'string' } } });
const work = mkdtempSync(path.join(tmpdir(), 'runtask-pictures-'));
const css = await readGithubCss();

/** The checks run as `runtask check` runs them; who started the run and where is made up. */
async function toModel(workspace, document) {
  const file = writePlan(workspace, document);
  const plan = await readPlan({ path: file });
  if (!plan.ok) throw new Error(JSON.stringify(plan.error));
  const { verdict, ...checked } = JSON.parse(runtask(['check', '--plan', file, '--checks', CHECKS, '--workspace', workspace, '--json']));
  const model = toLocalModel(plan.value, workspace);
  const id = `run-${Buffer.from(workspace).toString('hex').padEnd(16, '4').slice(0, 16)}`;
  const run = {
    ...model.run,
    organization: 'acme',
    workspace,
    // As a run task brought it: the stage and the gate are in the pictures, too.
    task_result_id: 'taskrs-1',
    run_id: id,
    run_url: `https://app.terraform.io/app/acme/workspaces/${workspace}/runs/${id}`,
    run_created_at: '2026-11-22T12:03:00Z',
    run_created_by: 'mona',
    run_message: 'A larger network',
    vcs: { ...model.run.vcs, commit_hash: COMMIT, commit_url: `https://github.com/acme/network/commit/${COMMIT}` },
  };
  return { ...model, ...checked, run, verdict, commit: COMMIT, workflowUrl: 'https://github.com/acme/network/actions/runs/7' };
}
const COMMIT = '3f2a9c41d07be5186a4c9e0f7d2b85316ce4a970';

function writePlan(workspace, document) {
  const file = path.join(work, `${workspace}.json`);
  writeFileSync(file, JSON.stringify(document));
  return file;
}

/** A failed verdict ends with 1, and is what a picture may be about. */
function runtask(args) {
  try {
    return execFileSync(process.execPath, ['src/cli/index.ts', ...args], { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 26 });
  } catch (error) {
    if (error.status !== 1) throw error;
    return error.stdout;
  }
}

function toPart(model) {
  const { organization, workspace, run_id, run_url, run_created_at, stage } = model.run;
  const section = toSection(model);
  return { organization, workspace, run_id, run_url, run_created_at, stage, digest: writeSection(section).digest, section };
}

const PICTURES = {
  async comment() {
    const page = renderCommentPage(renderComment(await toModel('net-prod', SMALL)), { title: 'comment', css });
    return { 'comment.png': { page, width: 940, open: ['aws_security_group.web', 'aws_iam_policy.app'] } };
  },
  async combined() {
    const models = [await toModel('net-prod', PROD)];
    for (const name of ['net-dev', 'net-stg', 'net-eu', 'net-us', 'net-apac']) models.push(await toModel(name, REGION));
    models.push(await toModel('net-sandbox', UNCHANGED));
    const body = renderCombined(models.map(toPart), { task: 'network', revision: models.length });
    return { 'combined.png': { page: renderCommentPage(body, { title: 'comment', css }), width: 940, maxHeight: 1250 } };
  },
  async report() {
    const page = [...renderHtmlReport([await toModel('net-prod', PROD)])].join('');
    const shot = { page, width: 1180, maxHeight: 1350 };
    return { 'report.png': shot, 'report-dark.png': { ...shot, dark: true } };
  },
  async terminal() {
    const file = writePlan('net-prod', PROD);
    // As on a terminal: the colours of a file or a pipe are none.
    const { renderTerminal } = await import('../src/report/terminal.ts');
    const plan = await readPlan({ path: file });
    const text = renderTerminal(toLocalModel(plan.value, 'net-prod'), { colour: true, width: 110 });
    return {
      'terminal.png': { page: terminalPage('runtask render --plan plan.json --workspace net-prod', text), width: 980, maxHeight: 1080 },
    };
  },
  async config() {
    const { plan, apply } = await tellConfigStory(ROOT, work);
    return {
      'config-plan.png': { page: terminalPage('runtask config plan', plan), width: 1180, maxHeight: 1200 },
      'config-apply.png': { page: terminalPage('runtask config apply', `…\n${apply}`), width: 1350, maxHeight: 1200 },
    };
  },
};

const browser = await startBrowser();
try {
  mkdirSync(values.out, { recursive: true });
  for (const [name, draw] of Object.entries(PICTURES)) {
    if (values.only !== undefined && values.only !== name) continue;
    for (const [file, { page, ...shot }] of Object.entries(await draw())) {
      const source = path.join(work, `${file}.html`);
      writeFileSync(source, page);
      const png = await browser.shoot({ file: source, ...shot });
      writeFileSync(path.join(values.out, file), png);
      console.log(`${file}: ${Math.round(png.length / 1024)} KB`);
    }
  }
} finally {
  await browser.close();
  rmSync(work, { recursive: true, force: true });
}
