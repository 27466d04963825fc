// JSON of a report, or why it is none; nothing of the text is quoted, because it may hold values of the plan. Pure.
import { describeThrown } from '../../base/fault.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { hasDuplicateKey } from '../duplicate-keys.ts';

export function parseReportJson(text: string): Result<unknown, string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // V8 quotes what it stumbled over.
    const what = describeThrown(error).replace(/[,:]? ?(".*"|\.\.\.).*$/s, '');
    return err(`The report is not JSON (${what}): the tool may have been ended while it wrote, or printed something else beside it`);
  }
  // Of two keys JSON.parse takes the last. A script that glues its report together from texts of a pull request can be made to write a
  // second, empty list of findings behind the first.
  if (hasDuplicateKey(text)) return err('The report has the same key twice in one object, so that nobody can say which of them counts');
  return ok(value);
}
