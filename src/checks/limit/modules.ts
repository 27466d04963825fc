// `only_modules`, `pinned_modules` and `pinned_providers`: what the configuration is made from. Pure.
import type { LimitSpec } from '../../contracts/check-kinds.ts';
import { matchesAnyGlob } from '../../documents/glob.ts';
import type { ModuleCall, PlanConfiguration } from '../../plan/model.ts';
import { hasModule } from '../select/addresses.ts';
import type { Finder, Tell } from './finder.ts';
import { readModuleSource, whyNotPinned } from './module-source.ts';

/** @param isExcepted  by the address of the module call, without instance keys */
export const findModules = (spec: LimitSpec, configuration: PlanConfiguration, isExcepted: (address: string) => boolean): Finder => ({
  end(tell) {
    /** Modules from elsewhere, and what comes with them. A module stands before those that it calls. */
    const foreign = new Set<string>();
    for (const call of configuration.modules) {
      const isLocal = readModuleSource(call.source).kind === 'local';
      // A folder of a module from elsewhere comes with it: the call that brings both is judged.
      const isPartOfPackage = isLocal && foreign.has(call.module);
      if (!isLocal || isPartOfPackage) foreign.add(call.address);
      if (spec.modules !== undefined && !hasModule(spec.modules, [call.address])) continue;
      if (!isExcepted(call.address) && !isPartOfPackage) judgeCall(call, spec, tell);
    }
  },
});

function judgeCall({ address, source: text, version }: ModuleCall, spec: LimitSpec, { finding, explain }: Tell): void {
  const source = readModuleSource(text);
  const faults: string[] = [];
  const { only_modules: only } = spec;
  if (source.trick !== null) faults.push(`comes from ${source.shown}, which cannot be judged: ${source.trick}`);
  else if (only !== undefined && !source.names.some((name) => matchesAnyGlob(only, name)))
    faults.push(`comes from ${source.shown}, which is none of the sources that may be: ${only.join(', ')}`);
  const open = spec.pinned_modules === true ? whyNotPinned(source, version) : null;
  if (open !== null) faults.push(`comes from ${source.shown} and ${open}`);
  explain(address, faults.length === 0 ? `${source.kind}, as it may be` : faults.join('; '));
  for (const fault of faults) finding({ message: `${address} ${fault}` });
}

/** A provider is pinned when one of the modules that use it says a version. The one that is built into Terraform has none. */
export const findOpenProviders = ({ providers }: PlanConfiguration): Finder => ({
  end({ finding, explain }) {
    const pinned = new Map<string, boolean>();
    for (const { fullName, name, version } of providers) {
      if (fullName?.startsWith('terraform.io/builtin/') === true) continue;
      const key = fullName ?? name;
      pinned.set(key, (pinned.get(key) ?? false) || version !== null);
    }
    for (const [name, isPinned] of pinned) {
      explain(name, isPinned ? 'has a version constraint' : 'has no version constraint');
      if (!isPinned) finding({ message: `The provider ${name} has no version constraint: write one into required_providers` });
    }
  },
});
