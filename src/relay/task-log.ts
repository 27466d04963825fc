// How the log names a run task: the same fields in every line about it.
import type { LogFields } from '../base/log.ts';
import type { Task } from './life/task.ts';

export const logFields = (task: Task): LogFields => ({
  id: task.id,
  task: task.key.task,
  task_result: task.key.taskResultId,
  run: task.names.run,
  organization: task.names.organization,
  workspace: task.names.workspace,
  stage: task.names.stage,
});
