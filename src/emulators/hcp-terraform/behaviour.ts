// Which HCP Terraform or Terraform Enterprise the options ask for. Pure.
import type { HcpTerraformOptions } from './types.ts';

export interface Behaviour {
  readonly attachAnswer: 201 | 204;
  /** null: HCP Terraform. */
  readonly tfeVersion: string | null;
  /** Attachments have one stage. */
  readonly singleStage: boolean;
  readonly taskConfigs: boolean;
}

export function readBehaviour({ attachAnswer, tfeVersion, taskConfigs }: HcpTerraformOptions): Behaviour {
  return {
    attachAnswer: attachAnswer ?? 201,
    tfeVersion: tfeVersion ?? null,
    // `stages` since v202404-1 (hashicorp/terraform-provider-tfe, 2026-08); releases after v202507-1 are called 1.0.0 and up.
    singleStage: tfeVersion !== undefined && /^v\d{6}-/.test(tfeVersion) && tfeVersion < 'v202404-1',
    taskConfigs: taskConfigs ?? tfeVersion === undefined,
  };
}
