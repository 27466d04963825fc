// What an organization may do, by edition. null: unlimited.
//
// Source: HashiCorp, "Feature sets" and "Feature entitlements" (read 2026-11).
import type { Entitlements } from './types.ts';

/** What an organization is made with unless told: nothing stands in a test's way that it did not ask for. */
export const UNLIMITED: Entitlements = {
  runTasks: true,
  globalRunTasks: false,
  privateRunTasks: false,
  runTaskLimit: null,
  runTaskWorkspaceLimit: null,
  runTaskMandatoryLimit: null,
};

/** `free_standard`: one run task, ten workspaces, one mandatory attachment. */
export const FREE_EDITION: Entitlements = { ...UNLIMITED, runTaskLimit: 1, runTaskWorkspaceLimit: 10, runTaskMandatoryLimit: 1 };

export const PREMIUM_EDITION: Entitlements = { ...UNLIMITED, globalRunTasks: true, privateRunTasks: true };
