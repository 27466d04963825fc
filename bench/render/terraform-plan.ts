// A plan of Terraform itself: so many terraform_data that change in place. The state is written by hand, because applying 5,000 resources
// takes Terraform minutes.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const CONFIGURATION = (count: number): string => `
variable "word" { type = string }
resource "terraform_data" "item" {
  count = ${count}
  input = {
    name = "item-\${count.index}"
    word = var.word
    tags = { Owner = "platform", Index = tostring(count.index) }
  }
}
`;

const TYPE = ['object', { name: 'string', word: 'string', tags: ['object', { Owner: 'string', Index: 'string' }] }];

function instance(index: number): object {
  const value = { name: `item-${index}`, word: 'before', tags: { Owner: 'platform', Index: String(index) } };
  const id = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
  const attributes = { id, input: { value, type: TYPE }, output: { value, type: TYPE }, triggers_replace: null };
  return { index_key: index, schema_version: 0, attributes, sensitive_attributes: [] };
}

/** @returns the plan file, binary and as JSON */
export function makeTerraformPlan(folder: string, count: number): { readonly binary: string; readonly json: string } {
  writeFileSync(join(folder, 'main.tf'), CONFIGURATION(count));
  const resource = {
    mode: 'managed',
    type: 'terraform_data',
    name: 'item',
    provider: 'provider["terraform.io/builtin/terraform"]',
    instances: Array.from({ length: count }, (_, index) => instance(index)),
  };
  const state = { version: 4, serial: 1, lineage: '00000000-0000-4000-8000-000000000000', outputs: {}, resources: [resource] };
  writeFileSync(join(folder, 'terraform.tfstate'), JSON.stringify(state));
  const terraform = (...argv: string[]): string =>
    execFileSync('terraform', [`-chdir=${folder}`, ...argv], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 30 });
  terraform('init', '-input=false');
  terraform('plan', '-input=false', '-refresh=false', '-var=word=after', '-out=tfplan');
  const json = join(folder, 'plan.json');
  writeFileSync(json, terraform('show', '-json', 'tfplan'));
  return { binary: join(folder, 'tfplan'), json };
}
