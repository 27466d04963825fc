// Every plan of the collection with Terraform's own text beside it: do we tell the same? Addresses, actions and why, each value that comes
// or goes, what forces a replacement, outputs, drift, the "Plan:" line; and is each of these named in what we render?
import { afterAll, describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readPlan } from '../../src/plan/read-plan.ts';
import { renderTerminal } from '../../src/report/terminal.ts';
import { toView } from '../../src/report/view.ts';
import { aModel } from '../report/models.ts';
import { compare, type Comparison, type Ours } from '../support/terraform-compare.ts';
import { readTerraformText } from '../support/terraform-text.ts';

const FOLDER = fileURLToPath(new URL('../../../shared/plans/', import.meta.url));
const texts = existsSync(FOLDER) ? readdirSync(FOLDER).filter((file) => file.endsWith('.txt')) : [];
if (texts.length === 0) console.log(`skipped: the collection of plans is not at ${FOLDER}`);
// They lie beside the project and not in it: a clone alone does not have them.
const suite = texts.length === 0 ? describe.skip : describe;

interface Exception {
  readonly reason: string;
  /** As compare() spells them, all of them. */
  readonly differences: readonly string[];
}

const REPLACE_PATHS = "the plan names what forces the replacement; Terraform's text loses that in a value of any type";

/** Where we tell something else, and why that is right. One that is no longer needed fails. */
const EXCEPTIONS: ReadonlyMap<string, Exception> = new Map([
  [
    'borchero_terraform-plan-comment__basic_1-modify.txt',
    { reason: 'hashes of a marked text, and the id made of them, are hidden here', differences: ['hides 7 that Terraform shows'] },
  ],
  [
    'borchero_terraform-plan-comment__basic_2-delete.txt',
    { reason: 'hashes of a marked text, and the id made of them, are hidden here', differences: ['hides 7 that Terraform shows'] },
  ],
  [
    'opentofu_opentofu__eq_nested_list_update.txt',
    {
      reason: 'an inner list that loses an element is told as that; Terraform tells of the whole list twice',
      differences: ['+', '-'].map(
        (sign) =>
          `change tfcoremock_nested_list.nested_list: only Terraform: ${sign}["lists","[]","[]"] "13E3B154-7B85-4EAA-B3D0-E295E7D71D7F"`,
      ),
    },
  ],
  [
    'opentofu_opentofu__eq_nested_set_update.txt',
    {
      reason: 'an inner set that loses an element is told as that; Terraform tells of the whole set twice',
      differences: ['+', '-'].map(
        (sign) =>
          `change tfcoremock_nested_set.nested_set: only Terraform: ${sign}["sets","[]","[]"] "29B6824A-5CB6-4C25-A359-727BAFEF25EB"`,
      ),
    },
  ],
  [
    'terraform-1.11.4__16-deep-nested.txt',
    {
      reason: 'attributes that are null are not told, and the plan does not say what is one: `{ g = null }` in a value of any type is `{}`',
      differences: ['change terraform_data.nulls: only we: -["output","f"] {}'],
    },
  ],
  [
    'terraform-1.11.4__03-replace-all-reasons.txt',
    {
      reason: REPLACE_PATHS,
      differences: [
        'change terraform_data.cbd: only we: ["triggers_replace","[]"] forces replacement',
        'change terraform_data.nulltrigger: only we: ["triggers_replace"] forces replacement',
        'change terraform_data.trigger: only we: ["triggers_replace","ami"] forces replacement',
        'change terraform_data.trigger: only we: ["triggers_replace","user_data"] forces replacement',
      ],
    },
  ],
  [
    'terraform-1.11.4__06-moved.txt',
    {
      reason: REPLACE_PATHS,
      differences: ['change terraform_data.renamed_with_replace: only we: ["triggers_replace"] forces replacement'],
    },
  ],
  [
    'terraform-1.11.4__07-import.txt',
    { reason: REPLACE_PATHS, differences: ['change terraform_data.adopted_replaced: only we: ["triggers_replace"] forces replacement'] },
  ],
  [
    'terraform-1.11.4__25-large-update-1000.txt',
    { reason: 'a text that is marked in `input` stands unmarked in `output`', differences: ['hides 1000 that Terraform shows'] },
  ],
]);

async function load(file: string): Promise<{ text: string; ours: Ours }> {
  const read = await readPlan({ path: FOLDER + file.replace(/(?:\.plan-stdout)?\.txt$/, '.json') });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  const model = aModel(read.value);
  if (model.masker === null) throw new Error('a plan has a masker');
  const terminal = renderTerminal(model, { colour: false, width: 200, maxLines: Infinity })
    .split(/\n(?= {0,2}\S)/)
    .map((body) => ({ head: body.split('\n')[0] ?? '', body }));
  return {
    text: readFileSync(FOLDER + file, 'utf8'),
    ours: { plan: read.value, view: toView(model), masker: model.masker, terminal },
  };
}

suite("Terraform's text", () => {
  const done: Comparison[] = [];

  it.each(texts)('%s', async (file) => {
    const { text, ours } = await load(file);
    const comparison = compare(readTerraformText(text), ours);
    done.push(comparison);
    expect(comparison.differences).toEqual(EXCEPTIONS.get(file)?.differences ?? []);
  });

  it('has an exception only for plans that are there', () => {
    expect([...EXCEPTIONS.keys()].filter((file) => !texts.includes(file))).toEqual([]);
  });

  afterAll(() => {
    const sum = (of: (one: Comparison) => number): number => done.reduce((all, one) => all + of(one), 0);
    const excepted = [...EXCEPTIONS].map(([file, { reason, differences }]) => `\n  ${file} (${differences.length}): ${reason}`).join('');
    console.log(
      `${done.length} texts compared: ${sum((one) => one.addresses)} addresses, ${sum((one) => one.values)} values that come or go; ` +
        `${sum((one) => one.paired)} objects equal but for how elements of lists are paired; ` +
        `${EXCEPTIONS.size} texts with exceptions${excepted}`,
    );
  });
});

// A comparison that finds nothing may be one that looks at nothing: whatever Terraform tells is changed here, one line at a time.
suite('the comparison', () => {
  const small = texts.filter((file) => readFileSync(FOLDER + file, 'utf8').length < 4000);

  it.each(small)('sees each line that is changed: %s', async (file) => {
    const { text, ours } = await load(file);
    const before = compare(readTerraformText(text), ours).differences;
    const lines = text.split('\n');
    const unseen = lines.flatMap((line, at) => {
      const other = changed(line);
      if (other === null) return [];
      const altered = lines.with(at, other).join('\n');
      const after = compare(readTerraformText(altered), ours).differences;
      return JSON.stringify(after) === JSON.stringify(before) ? [line] : [];
    });
    expect(unseen).toEqual([]);
  });
});

/** The line saying something else; null: it says nothing that is compared. */
function changed(line: string): string | null {
  if (line.startsWith('Plan: ')) return line.replace(/\d+/, '77');
  if (/^ {1,2}# .* (?:will be created|will be destroyed|will be updated in-place)$/.test(line)) {
    return line.replace(/(?:created|destroyed|updated in-place)$/, (word) => (word === 'created' ? 'destroyed' : 'created'));
  }
  if (/^ {1,2}# .* has moved to /.test(line)) return line.replace('# ', '# x');
  if (/^ {4,}[-+~] .*\(known after apply\)/.test(line)) return line.replace('(known after apply)', '"now"');
  if (/^ {4,}[-+~] \S+ += null$/.test(line)) return null;
  if (/^ {4,}[-+~] \S+ += /.test(line))
    return line.replace(/^( +[-+~] )(\S)/, (_, sign: string, first: string) => `${sign}${first === '"' ? '"x' : `x${first}`}`);
  if (/^ {4,}[-+] "/.test(line)) return line.replace('"', '"x');
  return null;
}
