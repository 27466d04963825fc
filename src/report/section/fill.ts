// As much of an offer as there is room for, as a section. Room is bytes of JSON; what goes first is the ladder's. Pure.
import { Budget, leftOut, toBlock, toldOf, type Block } from '../budget.ts';
import { choose } from '../ladder.ts';
import { GROUPS } from '../words.ts';
import type { FailedOffer } from './checks.ts';
import type { FailedCheck, Listed, Section, SectionFinding } from './data.ts';
import { sectionJson } from './json.ts';
import type { ItemOffer, Offer } from './offer.ts';

type Value = object | string;

const bytesOf = (value: Value): number => Buffer.byteLength(sectionJson(value));
/** Counts of what was left out grow by some digits. */
const RESERVE = 200;

/** @returns at most `maxBytes` of JSON, if what a section tells in any case has room in them */
export function fillSection(offer: Offer, maxBytes: number): Section {
  // What frames a thing is not in its cost (the list of a check's findings, a count of what is left out): with many of them it is more
  // than the reserve, and a section that is too long is refused as a whole.
  let room = maxBytes;
  for (;;) {
    const section = fillOnce(offer, room);
    const excess = bytesOf(section) - maxBytes;
    if (excess <= 0 || room <= 0) return section;
    room -= excess + RESERVE;
  }
}

function fillOnce(offer: Offer, maxBytes: number): Section {
  const bare = bareSection(offer);
  const room = new Budget<Value>(maxBytes - bytesOf(bare) - RESERVE, bytesOf);
  const { checks, plan } = offer;
  const failed = checks.failed.items.map(toFailedBlocks);
  const broken = plain(checks.broken.items);
  const conditions = plain(offer.conditions.items);
  const waivers = plain(offer.waivers.items);
  const quiet = plain(offer.quiet.items);
  const groups = GROUPS.map((name) => ({ name, room, blocks: offered(plan?.resources.filter(({ group }) => group === name)) }));
  const outputs = offered(plan?.outputs.items);
  const invocations = offered(plan?.invocations.items);
  const deferred = offered(plan?.deferred.items);
  const drift = offered(plan?.drift.items);
  const row = (blocks: readonly Block<Value>[]): { room: Budget<Value>; blocks: readonly Block<Value>[] } => ({ room, blocks });
  choose<Value>(
    [
      {
        room,
        failed,
        broken,
        groups,
        conditions: row(conditions),
        outputs: row(outputs),
        invocations: row(invocations),
        deferred: row(deferred),
        drift: row(drift),
        waivers: row(waivers),
        quiet: row(quiet),
      },
    ],
    { hasCaution: false },
  );
  return {
    ...bare,
    checks: {
      ...bare.checks,
      failed: { items: failed.flatMap(toFailedCheck), more: checks.failed.more + leftOut(failed.map(({ heading }) => heading)) },
      broken: listed(broken, checks.broken.more),
    },
    conditions: listed(conditions, offer.conditions.more),
    quiet: { ...bare.quiet, ...listed(quiet, offer.quiet.more) },
    waivers: { ...bare.waivers, ...listed(waivers, offer.waivers.more) },
    plan:
      bare.plan === null || plan === null
        ? null
        : {
            ...bare.plan,
            resources: groups.flatMap(({ blocks }) => toldOf(blocks)),
            outputs: listed(outputs, plan.outputs.more),
            invocations: listed(invocations, plan.invocations.more),
            deferred: listed(deferred, plan.deferred.more),
            drift: listed(drift, plan.drift.more),
          },
  };
}

const NOTHING: Listed<never> = { items: [], more: 0 };

/** What is told in any case. */
export function bareSection({ checks, plan, ...offer }: Offer): Section {
  return {
    ...offer,
    checks: { counts: checks.counts, failed: NOTHING, broken: NOTHING },
    conditions: NOTHING,
    quiet: { ...offer.quiet, ...NOTHING },
    waivers: { ...offer.waivers, ...NOTHING },
    plan: plan === null ? null : { ...plan, resources: [], outputs: NOTHING, invocations: NOTHING, deferred: NOTHING, drift: NOTHING },
  };
}

const offered = <T extends Value>(items: readonly ItemOffer<T>[] = []): Block<T>[] => items.map(({ line, full }) => toBlock(line, full));
const plain = <T extends Value>(items: readonly T[]): Block<T>[] => items.map((item) => toBlock(() => item));

const listed = <T>(blocks: readonly Block<T>[], more: number): Listed<T> => ({ items: toldOf(blocks), more: more + leftOut(blocks) });

interface FailedBlocks {
  readonly heading: Block<FailedCheck>;
  readonly findings: readonly Block<SectionFinding>[];
  readonly help: readonly Block<string>[];
}

const toFailedBlocks = ({ check, findings, help }: FailedOffer): FailedBlocks => ({
  heading: toBlock(() => check),
  findings: plain(findings),
  help: plain(help),
});

const toFailedCheck = ({ heading, findings, help }: FailedBlocks): FailedCheck[] =>
  toldOf([heading]).map((check) => ({ ...check, findings: listed(findings, check.findings.more), help: toldOf(help) }));
