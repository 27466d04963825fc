// What the runner does with each line that a step prints: obey a workflow command, or write it to the log. No I/O of its own.
import type { Annotation, StepRecord } from '../model.ts';
import type { JobLog } from './job-log.ts';
import type { Masks } from './masks.ts';
import { parseCommand, type WorkflowCommand } from './workflow-commands.ts';

// actions/runner 2.336.0, ExecutionContext: so many of each kind for a step, so long a message.
const MAX_ANNOTATIONS = 10;
const MAX_MESSAGE = 4096;
/** docs: actions/toolkit "Problem matchers", read 2026-11-22: 50 annotations for a job. */
const MAX_JOB_ANNOTATIONS = 50;

export interface StepOutput {
  line(text: string): void;
  /** An error of the runner itself about this step. */
  error(message: string): void;
  warning(message: string): void;
}

export interface StepOutputTarget {
  readonly record: StepRecord;
  readonly jobAnnotations: Annotation[];
  readonly state: Map<string, string>;
  readonly log: JobLog;
  readonly masks: Masks;
}

export function createStepOutput({ record, jobAnnotations, state, log, masks }: StepOutputTarget): StepOutput {
  let stopped: string | null = null;
  let echo = false;

  const annotate = (kind: Annotation['kind'], message: string, properties: Readonly<Record<string, string>> = {}): void => {
    log.write(`##[${kind}]${message}`);
    if (record.annotations.filter((a) => a.kind === kind).length >= MAX_ANNOTATIONS) return;
    const annotation: Annotation = {
      kind,
      message: masks.apply(message).slice(0, MAX_MESSAGE),
      title: properties['title'] === undefined ? null : masks.apply(properties['title']),
      file: properties['file'] ?? null,
      line: properties['line'] === undefined ? null : Number(properties['line']),
    };
    record.annotations.push(annotation);
    if (jobAnnotations.length < MAX_JOB_ANNOTATIONS) jobAnnotations.push(annotation);
  };

  const obey = (command: WorkflowCommand, line: string): void => {
    const { data, properties } = command;
    const name = command.name.toLowerCase();
    switch (name) {
      case 'add-mask':
        if (data.trim() === '') return annotate('warning', "Can't add secret mask for empty string in ##[add-mask] command.");
        masks.add(data);
        if (echo) log.write('::add-mask::***');
        return;
      case 'error':
      case 'warning':
      case 'notice':
        return annotate(name, data, properties);
      case 'debug':
        // As if ACTIONS_STEP_DEBUG were on: what somebody could switch on is part of what may leak.
        return log.write(`##[debug]${data}`);
      case 'group':
      case 'endgroup':
        return log.write(`##[${name}]${data}`);
      case 'stop-commands':
        stopped = data;
        return log.write(line);
      case 'echo':
        echo = data.toLowerCase() === 'on';
        return;
      // Deprecated, and still obeyed.
      case 'set-output':
        record.outputs[properties['name'] ?? ''] = data;
        return;
      case 'save-state':
        state.set(properties['name'] ?? '', data);
        return;
      case 'set-env':
      case 'add-path':
        return annotate('error', `Unable to process command '${line}' successfully. The \`${name}\` command is disabled.`);
      default:
        // Problem matchers: heard, without effect here.
        return;
    }
  };

  return {
    line(text) {
      const command = parseCommand(text, stopped);
      if (command === null) return log.write(text);
      if (stopped !== null) {
        stopped = null;
        return log.write(text);
      }
      record.commands.push(command);
      obey(command, text);
    },
    error: (message) => annotate('error', message),
    warning: (message) => annotate('warning', message),
  };
}
