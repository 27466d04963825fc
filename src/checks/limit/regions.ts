// `only_regions`: where a resource will be. Each cloud says it in its own way, and AWS mostly not in the resource at all but in the
// provider's configuration. Pure.
import type { Json } from '../../contracts/json.ts';
import { matchesAnyGlob } from '../../documents/glob.ts';
import { isList, isMap, isMark, ownValue } from '../../plan/json-tree.ts';
import type { Plan, ResourceChange } from '../../plan/model.ts';
import type { Configured } from '../values/configured.ts';
import type { Finder, Tell } from './finder.ts';
import { isPlanned } from './only.ts';
import { attributeOf, readPath } from '../values/path.ts';
import { createWalk } from '../values/walk.ts';

/** Where it is: forms of one place, of which one must be allowed. 'unknown': nobody can say yet. null: it is in no region. */
type Place = readonly string[] | 'unknown' | null;

interface Where {
  readonly place: Place;
  /** The attribute that says it; null: the provider's configuration. */
  readonly attribute: string | null;
  /** Nobody can be sure, and this is what it says on its face: a variable of the root module, as its value is now. */
  readonly onItsFace?: string;
}

export function findOtherRegions(only: readonly string[], plan: Plan, configured: Configured): Finder {
  const globs = only.map(normalise);
  return {
    ask(change, { finding, unknown, explain }) {
      if (change.mode === 'data' || !isPlanned(change)) return;
      judge(change, placeOf(change, { configured, variables: plan.variables ?? NO_VARIABLES }), 'be', { finding, unknown, explain });
      for (const where of copiesOf(change, configured)) judge(change, where, 'have a copy', { finding, unknown, explain });
    },
  };

  function judge(
    { address, action }: ResourceChange,
    { place, attribute, onItsFace }: Where,
    verb: string,
    { finding, unknown, explain }: Tell,
  ): void {
    const about = { address, action, attribute };
    const wanted = `it may be in ${only.join(', ')}`;
    if (place === null) return explain(address, 'is in no region that is known here');
    const may = (name: string): boolean => matchesAnyGlob(globs, normalise(name));
    if (onItsFace !== undefined && !may(onItsFace)) {
      explain(address, `${onItsFace}, from a variable, may not be`);
      return finding({
        ...about,
        message: `It would ${verb} in ${JSON.stringify(onItsFace)} (from a variable, by its provider); ${wanted}`,
      });
    }
    if (place === 'unknown') {
      const now =
        onItsFace === undefined
          ? ''
          : `. It comes from a variable, which is ${JSON.stringify(onItsFace)}, and the plan does not tell what is made of it`;
      const why = attribute === null ? `: the region of its provider is no constant${now}` : '';
      const message = `Nobody can say before apply in which region it will ${verb}${why}; ${wanted}`;
      explain(address, message);
      return unknown({ ...about, message });
    }
    const isAllowed = place.some(may);
    explain(address, `${place[0]} ${isAllowed ? 'may be' : 'may not be'}`);
    const from = attribute === null ? ' (from the configuration of its provider)' : '';
    if (!isAllowed) finding({ ...about, message: `It would ${verb} in ${JSON.stringify(place[0])}${from}; ${wanted}` });
  }
}

/** Resources that keep copies of their data in regions that they name themselves (the providers' pages, read 2026-11-22). */
const COPIES: Readonly<Record<string, string>> = {
  aws_dynamodb_table: 'replica[*].region_name',
  aws_dynamodb_global_table: 'replica[*].region_name',
  aws_secretsmanager_secret: 'replica[*].region',
  azurerm_container_registry: 'georeplications[*].location',
  azurerm_cosmosdb_account: 'geo_location[*].location',
  google_secret_manager_secret: 'replication[*].user_managed[*].replicas[*].location',
};

function copiesOf(change: ResourceChange, configured: Configured): Where[] {
  const path = Object.hasOwn(COPIES, change.type) ? COPIES[change.type] : undefined;
  if (path === undefined) return [];
  const steps = readPath(path);
  const attribute = attributeOf(steps);
  const copies: Where[] = [];
  createWalk()(change.after ?? undefined, change.unknown, steps, (found) => {
    if (found.kind === 'value' && typeof found.value === 'string') copies.push({ place: [found.value], attribute });
    // A block that nobody wrote is computed by some providers, and is empty then.
    else if (found.kind === 'unknown' && configured.isWritten(change, attribute) !== false) copies.push({ place: 'unknown', attribute });
  });
  return copies;
}

/** Azure takes "West Europe" for "westeurope". */
const normalise = (region: string): string => region.toLowerCase().replaceAll(' ', '');

interface Written {
  readonly configured: Configured;
  readonly variables: ReadonlyMap<string, Json>;
}
const NO_VARIABLES: ReadonlyMap<string, Json> = new Map();

type Finds = (change: ResourceChange, written: Written) => Where;

/** By the first word of the type, or the last part of the provider's name. */
const CLOUDS: Readonly<Record<string, Finds>> = {
  'aws': placeInAws,
  'awscc': byProvider,
  'google': placeInGoogle,
  'google-beta': placeInGoogle,
  'azurerm': (change) => byAttribute(change, ['location']),
  'azapi': (change) => byAttribute(change, ['location']),
};

function placeOf(change: ResourceChange, written: Written): Where {
  // By the type first: a copy of a cloud's provider may be called anything, and its types are called the same.
  const names = [change.type.split('_')[0] ?? '', change.provider?.split('/').at(-1) ?? ''];
  const name = names.find((one) => Object.hasOwn(CLOUDS, one));
  const finds = name === undefined ? undefined : CLOUDS[name];
  // Others that have a region call it so: DigitalOcean, OVH, Scaleway, Linode.
  return finds === undefined ? byAttribute(change, ['region']) : finds(change, written);
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

function placeInAws(change: ResourceChange, written: Written): Where {
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
  if (isMark(childOf(change.unknown, 'region')) && written.configured.isWritten(change, 'region') === true)
    return { place: 'unknown', attribute: 'region' };
  return byProvider(change, written);
}

function placeInGoogle(change: ResourceChange, written: Written): Where {
  const { after, unknown } = change;
  const attributes = ['location', 'zone', 'region'].filter((name) => hasKey(after, name) || hasKey(unknown, name));
  // What has none of the three is global, as projects and service accounts are.
  if (attributes.length === 0) return NOWHERE;
  const own = byAttribute({ ...change, unknown: false }, attributes);
  if (own.place !== null && own.place !== 'unknown') return { ...own, place: own.place.flatMap(zoneForms) };
  const open = attributes.find((name) => written.configured.isWritten(change, name) === true && isMark(childOf(unknown, name)));
  return open === undefined ? byProvider(change, written) : { place: 'unknown', attribute: open };
}

/** `europe-west3-a` is in `europe-west3`; some resources have the address of a region. */
function zoneForms(place: string): string[] {
  const name = place.split('/').at(-1) ?? place;
  const region = /^([a-z]+-[a-z]+\d+)-[a-z]$/.exec(name)?.[1];
  return region === undefined ? [name] : [name, region];
}

function byProvider(change: ResourceChange, { configured, variables }: Written): Where {
  const provider = configured.providerOf(change);
  const region = childOf(provider?.expressions, 'region');
  const constant = childOf(region, 'constant_value');
  if (typeof constant === 'string' && constant !== '') return { place: [constant], attribute: null };
  // What an expression makes of a variable is not in the plan: `var.region` and `replace(var.region, "eu", "us")` look alike there, and
  // whoever opens a pull request writes the expression. So what it says on its face can only be held against it.
  const references = childOf(region, 'references');
  const [only, ...more] = isList(references) ? references : [];
  const value = provider?.module === '' && typeof only === 'string' && more.length === 0 ? variables.get(only.replace(/^var\./, '')) : null;
  const isText = typeof value === 'string' && value !== '';
  return { place: 'unknown', attribute: null, ...(isText ? { onItsFace: value } : {}) };
}

const childOf = (value: Json | undefined, key: string): Json | undefined => (isMap(value) ? ownValue(value, key) : undefined);
const hasKey = (value: Json, key: string): boolean => isMap(value) && Object.hasOwn(value, key);
