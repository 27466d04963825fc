// The same ten rules without this project: a loop in plain JavaScript, and the bare libraries behind two kinds. They know nothing of
// unknown or sensitive values and mask nothing; they are here to be compared with.
import { Environment } from '@marcbachmann/cel-js';
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';

interface Change {
  readonly type: string;
  readonly name: string;
  readonly change: { readonly actions: readonly string[]; readonly after: Record<string, unknown> | null; readonly importing?: object };
}
export interface Peer {
  readonly name: string;
  /** @returns how many findings */
  judge(changes: readonly Change[]): number;
}

const isAsked = ({ change: { actions, importing } }: Change): boolean =>
  importing !== undefined || actions.some((action) => action === 'create' || action === 'update');
const file = (name: string): { readonly checks: readonly Record<string, unknown>[] } =>
  parse(readFileSync(new URL(name, import.meta.url), 'utf8')) as { checks: Record<string, unknown>[] };

interface Block {
  readonly [key: string]: unknown;
}
const list = (value: unknown): readonly Block[] => (Array.isArray(value) ? (value as Block[]) : []);
const texts = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : [value]);

const plain: Peer = {
  name: 'plain JavaScript',
  judge(changes) {
    let findings = 0;
    const fail = (bad: boolean): void => void (findings += bad ? 1 : 0);
    for (const one of changes) {
      const { type, change } = one;
      fail(type === 'aws_db_instance' && change.actions.includes('delete'));
      if (!isAsked(one) || change.after === null) continue;
      const { after } = change;
      fail(!/^app_[0-9]+$/.test(one.name));
      const tags = after['tags'] as Record<string, string> | undefined;
      if (tags !== undefined)
        fail(!['prod', 'staging', 'dev'].includes(tags['Environment'] ?? '') || !/^cc-[0-9]+$/.test(tags['CostCenter'] ?? ''));
      if (type === 'aws_db_instance') {
        fail(after['publicly_accessible'] !== false);
        fail(after['storage_encrypted'] !== true);
        fail(!/^(us-east-1|eu-west-1)/.test(String(after['availability_zone'])));
      }
      if (type === 'aws_instance') {
        fail(list(after['root_block_device']).some((block) => block['encrypted'] !== true));
        fail(!['t3.micro', 'm6i.large', 'c6i.xlarge'].includes(String(after['instance_type'])));
      }
      if (type === 'aws_security_group')
        fail(
          list(after['ingress']).some(
            (i) => Number(i['from_port']) <= 22 && Number(i['to_port']) >= 22 && texts(i['cidr_blocks']).includes('0.0.0.0/0'),
          ),
        );
      if (type === 'aws_iam_role')
        fail(
          list(after['inline_policy']).some(({ policy }) =>
            list((JSON.parse(String(policy)) as { Statement: unknown }).Statement).some(
              (s) => s['Effect'] === 'Allow' && texts(s['Action']).includes('*') && texts(s['Resource']).includes('*'),
            ),
          ),
        );
    }
    return findings;
  },
};

const bareCel: Peer = {
  name: '@marcbachmann/cel-js',
  judge(changes) {
    const env = new Environment({ homogeneousAggregateLiterals: false });
    for (const name of ['after', 'actions', 'type', 'action', 'name']) if (name !== 'type') env.registerVariable(name, 'dyn');
    env.registerVariable('resource_type', 'string');
    env.registerFunction('jsonParse(string): dyn', (text: string) => JSON.parse(text) as unknown);
    const rules = file('cel.yml').checks.map(({ cel }) => {
      const { when = 'true', assert } = cel as { when?: string; assert: string };
      const compile = (source: string): ((context: object) => unknown) => env.parse(source.replaceAll(/\btype\b/g, 'resource_type'));
      return { when: compile(when), assert: compile(assert), isOfDeletions: assert.includes('actions') };
    });
    let findings = 0;
    for (const one of changes) {
      const { type, name, change } = one;
      const action = change.actions.length > 1 ? 'replace' : (change.actions[0] ?? '');
      const context = { after: change.after, actions: change.actions, resource_type: type, action, name };
      for (const { when, assert, isOfDeletions } of rules)
        if ((isOfDeletions ? action !== 'no-op' : isAsked(one)) && holds(when, context) && !holds(assert, context)) findings++;
    }
    return findings;
  },
};

function holds(expression: (context: object) => unknown, context: object): boolean {
  try {
    return expression(context) === true;
  } catch {
    // has(null.tags): of a deleted resource. The product answers this with a rule of its own.
    return false;
  }
}

const bareAjv: Peer = {
  name: 'ajv',
  judge(changes) {
    const ajv = new Ajv2020({ allErrors: true, strict: false });
    const rules = file('schema.yml').checks.flatMap(({ schema }) =>
      Object.entries((schema as { resources: Record<string, object> }).resources).map(([glob, one]) => ({
        glob,
        validate: ajv.compile(one),
      })),
    );
    let findings = 0;
    for (const one of changes) {
      if (!isAsked(one)) continue;
      for (const { glob, validate } of rules)
        if ((glob === one.type || (glob === 'aws_*' && one.type.startsWith('aws_'))) && !validate(one.change.after)) findings++;
    }
    return findings;
  },
};

export const PEERS: readonly Peer[] = [plain, bareCel, bareAjv];
