// The stages of a run in which a run task may be called, and which lists of them the API takes. Pure.
import type { Stage } from '../../contracts/run-facts.ts';
import { invalid } from './json-api.ts';

/** In the order in which a run enters them. */
export const STAGE_ORDER: readonly Stage[] = ['pre_plan', 'post_plan', 'pre_apply', 'post_apply'];

/** @throws {HcpApiError} 422 */
export function checkStages(stages: readonly Stage[], pointer: string): void {
  if (stages.length === 0 || !stages.every((stage) => STAGE_ORDER.includes(stage)) || new Set(stages).size !== stages.length)
    throw invalid(`Stages must be distinct and among ${STAGE_ORDER.join(', ')}`, pointer);
}
