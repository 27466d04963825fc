// What the resources send, against GitHub's own OpenAPI description, as far as the cut-out has it. The calls outside it are typed by the
// same description: Octokit's parameters are generated from it.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadConformance, missingDescriptions } from '../../../conformance/openapi.ts';
import { REPOSITORY, startSettings, type SettingsStage } from '../../../support/github-settings.ts';

let stage: SettingsStage;
beforeEach(async () => {
  stage = await startSettings();
});
afterEach(() => stage.close());

(missingDescriptions === null ? describe : describe.skip)(
  `GitHub's OpenAPI description${missingDescriptions === null ? '' : ` (skipped: ${missingDescriptions})`}`,
  () => {
    it('has what is sent, and what is answered', async () => {
      const settings = stage.settings().repository(REPOSITORY, stage.caller);
      const file = { path: '.github/workflows/a.yml', branch: 'main', message: 'm' };
      const made = await settings.writeFile({ ...file, text: 'on: push', replaces: null });
      await settings.writeFile({ ...file, text: 'on: pull_request', replaces: made.sha });
      settings.forgetFile(file.path, 'main');
      expect((await settings.readFile(file.path, 'main'))?.text).toBe('on: pull_request');
      await settings.writeVariable('A', '1');
      await settings.writeVariable('A', '2');
      await settings.writeSecret('S', 'a-secret-value');
      const { violations, checked } = loadConformance().checkSeen('github', stage.github.seen);
      expect(violations).toEqual([]);
      expect(checked).toEqual([
        'actions/create-or-update-repo-secret',
        'actions/create-repo-variable',
        'actions/get-repo-public-key',
        'actions/update-repo-variable',
        'repos/create-or-update-file-contents',
        'repos/get-content',
      ]);
    });
  },
);
