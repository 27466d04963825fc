// Check blocks, preconditions, postconditions and validations for people: what failed with its problems, the rest counted. Terraform's
// own text leaves them out. No markup here.
import type { Masker } from '../plan/masking.ts';
import type { Condition } from '../plan/model.ts';
import { conditionKindWords, conditionStatusWords } from './reason-words.ts';

export interface ConditionItem {
  /** Of the instance where there is one: `terraform_data.a[0]`. */
  readonly address: string;
  /** In words: `check block`. */
  readonly kind: string;
  readonly status: string;
  /** In words: `could not be evaluated`. */
  readonly statusWords: string;
  /** Their authors' sentences, masked. Empty: Terraform gives none. */
  readonly problems: readonly string[];
}

export interface ConditionsView {
  /** What neither passed nor is open: failed first, then errored, then statuses of a later Terraform; in plan order. */
  readonly told: readonly ConditionItem[];
  /** By instance. `other`: with a status that this version does not know. */
  readonly tally: {
    readonly fail: number;
    readonly error: number;
    readonly other: number;
    readonly unknown: number;
    readonly pass: number;
  };
}

export const NO_CONDITIONS: ConditionsView = { told: [], tally: { fail: 0, error: 0, other: 0, unknown: 0, pass: 0 } };

type Counted = keyof ConditionsView['tally'];
const ORDER: readonly Counted[] = ['fail', 'error', 'other'];
const countedAs = (status: string): Counted =>
  status === 'fail' || status === 'error' || status === 'unknown' || status === 'pass' ? status : 'other';

export function toConditionsView(conditions: readonly Condition[], masker: Masker): ConditionsView {
  const all = conditions.flatMap((condition) => instancesOf(condition));
  const of = (counted: Counted): Instance[] => all.filter(({ status }) => countedAs(status) === counted);
  const tally = { ...NO_CONDITIONS.tally };
  for (const { status } of all) tally[countedAs(status)] += 1;
  const toItem = ({ address, kind, status, problems }: Instance): ConditionItem => ({
    address,
    kind: conditionKindWords(kind),
    status,
    statusWords: conditionStatusWords(status),
    // A bullet without words would be read as the underline of a heading.
    problems: problems.filter((problem) => problem.trim() !== '').map((problem) => masker.text(problem)),
  });
  return { told: ORDER.flatMap(of).map(toItem), tally };
}

interface Instance {
  readonly address: string;
  readonly kind: string;
  readonly status: string;
  readonly problems: readonly string[];
}

/** A condition whose instances say better than it is (an errored one may list only what it reached) is told itself. */
function instancesOf({ address, kind, status, instances }: Condition): Instance[] {
  const rows = instances.map((one): Instance => ({ ...one, address: one.address === '' ? address : one.address, kind }));
  const isCovered = rows.some((row) => row.status === status);
  return isCovered ? rows : [{ address, kind, status, problems: [] }, ...rows];
}
