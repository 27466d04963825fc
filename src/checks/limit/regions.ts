// `only_regions`: where a resource will be. Each cloud says it in its own way, and AWS mostly not in the resource at all but in the
// provider's configuration. Pure.
import type { Json } from '../../contracts/json.ts';
import { matchesAnyGlob } from '../../documents/glob.ts';
import { isList, isMap, isMark, ownValue } from '../../plan/json-tree.ts';
import type { Plan, ProviderConfiguration, ResourceChange } from '../../plan/model.ts';
import type { Configured } from '../values/configured.ts';
import type { Finder } from './finder.ts';
import { isPlanned } from './only.ts';

/** Where it is: forms of one place, of which one must be allowed. 'unknown': nobody can say yet. null: it is in no region. */
type Place = readonly string[] | 'unknown' | null;

interface Where {
  readonly place: Place;
  /** The attribute that says it; null: the provider's configuration. */
  readonly attribute: string | null;
}

export function findOtherRegions(only: readonly string[], plan: Plan, configured: Configured): Finder {
  const globs = only.map(normalise);
  return {
    ask(change, { finding, unknown, explain }) {
      if (change.mode === 'data' || !isPlanned(change)) return;
      const { place, attribute } = placeOf(change, plan, configured);
      const about = { address: change.address, action: change.action, attribute };
      if (place === null) return explain(change.address, 'is in no region that is known here');
      if (place === 'unknown') {
        const message = `Nobody can say before apply in which region it will be; it may be in ${only.join(', ')}`;
        explain(change.address, message);
        return unknown({ ...about, message });
      }
      const may = place.some((name) => globs.some((glob) => matchesAnyGlob([glob], normalise(name))));
      explain(change.address, `${place[0]} ${may ? 'may be' : 'may not be'}`);
      const from = attribute === null ? ' (from the configuration of its provider)' : '';
      if (!may) finding({ ...about, message: `It would be in ${JSON.stringify(place[0])}${from}; it may be in ${only.join(', ')}` });
    },
  };
}

/** Azure takes "West Europe" for "westeurope". */
const normalise = (region: string): string => region.toLowerCase().replaceAll(' ', '');

type Finds = (change: ResourceChange, plan: Plan, configured: Configured) => Where;

/** By the last part of the provider's name. */
const CLOUDS: Readonly<Record<string, Finds>> = {
  'aws': placeInAws,
  'awscc': (change, plan, configured) => byProvider(change, plan, configured),
  'google': placeInGoogle,
  'google-beta': placeInGoogle,
  'azurerm': (change) => byAttribute(change, ['location']),
  'azapi': (change) => byAttribute(change, ['location']),
};

function placeOf(change: ResourceChange, plan: Plan, configured: Configured): Where {
  const name = change.provider?.split('/').at(-1) ?? change.type.split('_')[0] ?? '';
  const finds = Object.hasOwn(CLOUDS, name) ? CLOUDS[name] : undefined;
  // Others that have a region call it so: DigitalOcean, OVH, Scaleway, Linode.
  return finds === undefined ? byAttribute(change, ['region']) : finds(change, plan, configured);
}

const NOWHERE: Where = { place: null, attribute: null };

/** The first of these attributes that is set; 'unknown' when one is not known yet. */
function byAttribute({ after, unknown }: ResourceChange, attributes: readonly string[]): Where {
  let open: Where = NOWHERE;
  for (const attribute of attributes) {
    const value = childOf(after, attribute);
    if (typeof value === 'string' && value !== '') return { place: [value], attribute };
    if (isMark(unknown) || isMark(childOf(unknown, attribute))) open = { place: 'unknown', attribute };
  }
  return open;
}

/**
 * Services of AWS that are not in a region, although their requests go to one. With provider 6 the others have an attribute `region`.
 * Source: AWS, "AWS service endpoints", global services (read 2026-11-22).
 */
const GLOBAL_TYPES = [
  ...['aws_iam_*', 'aws_organizations_*', 'aws_account_*', 'aws_cloudfront_*', 'aws_globalaccelerator_*', 'aws_shield_*'],
  ...['aws_waf_*', 'aws_budgets_*', 'aws_ce_*', 'aws_cur_*', 'aws_networkmanager_*'],
  ...['aws_route53_zone*', 'aws_route53_record*', 'aws_route53_health_check', 'aws_route53_delegation_set', 'aws_route53_cidr_*'],
  ...[
    'aws_route53_traffic_policy*',
    'aws_route53_vpc_association_authorization',
    'aws_route53_hosted_zone_dnssec',
    'aws_route53_key_signing_key',
  ],
];

function placeInAws(change: ResourceChange, plan: Plan, configured: Configured): Where {
  if (matchesAnyGlob(GLOBAL_TYPES, change.type)) return NOWHERE;
  const { after } = change;
  const own = childOf(after, 'region');
  if (typeof own === 'string' && own !== '') return { place: [own], attribute: 'region' };
  // What exists says where it is, whatever the configuration says.
  const arn = childOf(after, 'arn');
  const inArn = typeof arn === 'string' ? (/^arn:[\w-]+:[\w-]+:([a-z0-9-]+):/.exec(arn)?.[1] ?? null) : null;
  if (inArn !== null) return { place: [inArn], attribute: 'arn' };
  const zone = childOf(after, 'availability_zone');
  const inZone = typeof zone === 'string' ? (/^[a-z]{2}(?:-[a-z]+)+-\d+/.exec(zone)?.[0] ?? null) : null;
  if (inZone !== null) return { place: [inZone], attribute: 'availability_zone' };
  // `region` of provider 6 that waits for another resource; one that is computed is the provider's.
  if (isMark(childOf(change.unknown, 'region')) && configured.isWritten(change, 'region') === true)
    return { place: 'unknown', attribute: 'region' };
  return byProvider(change, plan, configured);
}

function placeInGoogle(change: ResourceChange, plan: Plan, configured: Configured): Where {
  const { after, unknown } = change;
  const attributes = ['location', 'zone', 'region'].filter((name) => hasKey(after, name) || hasKey(unknown, name));
  // What has none of the three is global, as projects and service accounts are.
  if (attributes.length === 0) return NOWHERE;
  const own = byAttribute({ ...change, unknown: false }, attributes);
  if (own.place !== null && own.place !== 'unknown') return { ...own, place: own.place.flatMap(zoneForms) };
  const written = attributes.find((name) => configured.isWritten(change, name) === true && isMark(childOf(unknown, name)));
  return written === undefined ? byProvider(change, plan, configured) : { place: 'unknown', attribute: written };
}

/** `europe-west3-a` is in `europe-west3`; some resources have the address of a region. */
function zoneForms(place: string): string[] {
  const name = place.split('/').at(-1) ?? place;
  const region = /^([a-z]+-[a-z]+\d+)-[a-z]$/.exec(name)?.[1];
  return region === undefined ? [name] : [name, region];
}

function byProvider(change: ResourceChange, plan: Plan, configured: Configured): Where {
  const provider = configured.providerOf(change);
  const region = provider === null ? null : regionOf(provider, plan);
  return { place: region === null ? 'unknown' : [region], attribute: null };
}

/**
 * A constant, or nothing but a variable of the root module. What an expression makes of a variable is not in the plan: `"${var.region}"`
 * and `replace(var.region, …)` look alike there.
 */
function regionOf({ expressions, module }: ProviderConfiguration, plan: Plan): string | null {
  const written = childOf(expressions, 'region');
  const constant = childOf(written, 'constant_value');
  if (typeof constant === 'string') return constant;
  const references = childOf(written, 'references');
  const [only, ...more] = isList(references) ? references : [];
  if (module !== '' || typeof only !== 'string' || more.length > 0 || !/^var\.[\w-]+$/.test(only)) return null;
  const value = plan.variables?.get(only.slice('var.'.length));
  return typeof value === 'string' && value !== '' ? value : null;
}

const childOf = (value: Json | undefined, key: string): Json | undefined => (isMap(value) ? ownValue(value, key) : undefined);
const hasKey = (value: Json, key: string): boolean => isMap(value) && Object.hasOwn(value, key);
