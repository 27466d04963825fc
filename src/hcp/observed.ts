// What a route that only observes tells HCP Terraform: always passed, and what would have been. One wording for both transports. Pure.
import { cut } from '../base/cut.ts';
import { RESULT_LIMITS, type TaskResult } from '../contracts/task-result.ts';

export function toObserved<R extends Pick<TaskResult, 'status' | 'message'>>(result: R): R {
  if (result.status === 'passed') return result;
  return { ...result, status: 'passed', message: cut(`Observed only; this would have failed: ${result.message}`, RESULT_LIMITS.message) };
}
