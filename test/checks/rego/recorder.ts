// A program in front of a real engine that writes down what it was asked and what it said, for the stand-in.
import { join } from 'node:path';
import type { Answer } from './stand-in.ts';

/**
 * @param program  the real one
 * @param log  one line of JSON is appended for each question
 * @returns the body of a program in JavaScript (CommonJS)
 */
export const recordingProgram = (program: string, log: string): string => `
    const { spawnSync } = require('node:child_process');
    const { appendFileSync } = require('node:fs');
    const args = process.argv.slice(2);
    const { status, stdout, stderr } = spawnSync(${JSON.stringify(program)}, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
    import(${JSON.stringify(join(import.meta.dirname, 'stand-in.ts'))}).then(({ questionKey }) => {
      appendFileSync(${JSON.stringify(log)}, JSON.stringify({ key: questionKey(args, process.cwd()), args, code: status, stdout, stderr }) + '\\n');
      process.stdout.write(stdout);
      process.stderr.write(stderr);
      process.exitCode = status;
    });`;

/** @param asked  for people: what the question is of */
export function toAnswers(log: string, asked: string): Record<string, Answer> {
  const answers: Record<string, Answer> = {};
  for (const line of log.split('\n').filter(Boolean)) {
    const { key, args, code, stdout, stderr } = JSON.parse(line) as Omit<Answer, 'of'> & { key: string; args: string[]; stdout: string };
    const isQuestion = args[0] === 'eval' || args[0] === 'test';
    answers[key] = { of: isQuestion ? asked : args.join(' '), code, stdout: short(args, stdout), stderr };
  }
  return answers;
}

/** Of the capabilities (100 KB) a few are enough. */
function short(args: readonly string[], stdout: string): unknown {
  let parsed: unknown;
  try {
    // Where the plan stood on this machine is of no interest.
    parsed = JSON.parse(stdout.replace(/("filename": )"[^"]*"/g, '$1"input.json"'));
  } catch {
    return stdout;
  }
  if (args[0] !== 'capabilities') return parsed;
  const { builtins, ...rest } = parsed as { builtins: { name: string }[] };
  return {
    ...rest,
    builtins: builtins.filter(({ name: builtin }) => /^(count|http\.send|net\.lookup_ip_addr|opa\.runtime)$/.test(builtin)),
  };
}
