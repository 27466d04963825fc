// What the action asks of the GitHub runner: log lines, masks, outputs, state between pre, main and post, the job summary, the
// job's OIDC token. A thin table over @actions/core, so that the stories (pre, main, post) take it as an argument.
import * as core from '@actions/core';
import { randomBytes } from 'node:crypto';
import { logLines } from '../report/escape.ts';

/** Where an annotation stands. */
export interface Place {
  readonly title: string;
  readonly file?: string;
  /** 1-based; needs `file`. */
  readonly startLine?: number;
}

export interface Runner {
  info(text: string): void;
  notice(text: string, place?: Place): void;
  warning(text: string, place?: Place): void;
  error(text: string, place?: Place): void;
  /** Fails the job's step: the work could not be done. */
  fail(text: string): void;
  mask(secret: string): void;
  output(name: string, value: string): void;
  saveState(name: string, value: string): void;
  state(name: string): string;
  /** Prints text from outside so that no line of it is a workflow command. */
  print(title: string, text: string): void;
  summary(markdown: string): Promise<void>;
  idToken(audience: string): Promise<string>;
}

export const githubRunner: Runner = {
  // Alone among these it writes its text as it is: a verdict on record names addresses, and the runner obeys `##[set-output …]`
  // anywhere in a line (actions/runner 2.336.0, ActionCommand).
  info: (text) => core.info(logLines(text).join('\n')),
  notice: core.notice,
  warning: core.warning,
  error: core.error,
  fail: core.setFailed,
  mask: (secret) => {
    // One masked letter would blank the whole log; a secret of ours is never that short.
    if (secret.length >= 8) core.setSecret(secret);
  },
  output: core.setOutput,
  saveState: core.saveState,
  state: core.getState,
  print(title, text) {
    // Plan values and tool output reach the log only between these two commands (docs.github.com, "Workflow commands").
    const token = randomBytes(16).toString('hex');
    core.startGroup(title);
    process.stdout.write(`::stop-commands::${token}\n${text}\n::${token}::\n`);
    core.endGroup();
  },
  async summary(markdown) {
    await core.summary.addRaw(markdown, true).write();
  },
  async idToken(audience) {
    if ((process.env['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? '') === '') {
      throw new Error('this job may not ask for an OIDC token: add `id-token: write` to its permissions');
    }
    return core.getIDToken(audience);
  },
};
