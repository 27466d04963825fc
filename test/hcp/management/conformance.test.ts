// Every request of the management client, against HashiCorp's description of its API.
import { describe, expect, it } from '@jest/globals';
import { loadConformance, missingDescriptions } from '../../conformance/openapi.ts';
import { arrange, spec } from './arrange.ts';

(missingDescriptions === null ? describe : describe.skip)(
  `HashiCorp’s OpenAPI description${missingDescriptions === null ? '' : ` (skipped: ${missingDescriptions})`}`,
  () => {
    it.each([
      ['HCP Terraform', {}],
      ['Terraform Enterprise before task-configs and stages', { tfeVersion: 'v202309-1' }],
    ])('holds the whole life of a run task: %s', async (_name, options) => {
      const scene = await arrange(options);
      try {
        const { client, emulator } = scene;
        emulator.createWorkspace({ organization: 'acme', name: 'net', tags: ['prod'], tagBindings: { env: 'prod' } });
        const pool = emulator.createAgentPool({ organization: 'acme', name: 'inside' });
        await Promise.all([client.entitlements('acme'), client.agentPools('acme')]);
        const [workspace] = await client.workspaces('acme');
        const task = await client.createRunTask('acme', spec(scene));
        await client.updateRunTask(task, {
          description: 'New',
          enabled: false,
          hmacKey: 'another-key-of-enough-length',
          agentPoolId: pool.id,
        });
        await client.updateRunTask(task, { url: `${scene.relayUrl}-2`, agentPoolId: null });
        await client.setGlobalSettings(task, { stages: ['pre_plan'], enforcementLevel: 'advisory' });
        await client.setGlobalSettings(task, null);
        const one = await client.attach(task, workspace!, { stages: ['post_plan'], enforcementLevel: 'mandatory' });
        await client.updateAttachment(task, workspace!, one, { stages: ['pre_apply'], enforcementLevel: 'advisory' });
        client.forget();
        await client.runTasks('acme');
        await client.attachment(task, workspace!);
        await client.detach(task, workspace!, one.id);
        await client.deleteRunTask(task);
        expect(emulator.seen.filter(({ status }) => (status ?? 500) >= 400 && status !== 404)).toEqual([]);
        const { violations, unknown, checked } = loadConformance().checkSeen('hcp', emulator.seen);
        expect({ violations, unknown }).toEqual({ violations: [], unknown: [] });
        expect(checked).toEqual([
          'createTask',
          'createWorkspaceTask',
          'deleteTask',
          'deleteWorkspaceTask',
          'getTask',
          'listAgentPools',
          'listOrganizationTasks',
          'listWorkspaces',
          'updateTask',
          'updateWorkspaceTask',
        ]);
      } finally {
        await scene.close();
      }
    });
  },
);
