// From an address to a line, on real files: modules, overrides, links that lead out, devices, and limits.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLocate, type Locate } from '../../../src/checks/locate/locate.ts';
import type { ModuleCall, ResourceChange } from '../../../src/plan/model.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { aChange, aPlan } from '../builders.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'runtask-locate-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string>>, root = folder): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
}
const BUCKET = 'resource "aws_s3_bucket" "logs" {\n  bucket = "x"\n  acl    = "private"\n}\n';

const aCall = (address: string, source: string): ModuleCall => ({
  address,
  name: address.split('.').at(-1) ?? '',
  module: address.split('.').slice(0, -2).join('.'),
  source,
  version: null,
  expressions: {},
});

function locator(
  changes: readonly ResourceChange[],
  {
    modules = [],
    workingDirectory = '',
    dir = folder,
    now,
  }: { modules?: ModuleCall[]; workingDirectory?: string; dir?: string | null; now?: () => number } = {},
): Locate {
  const plan = aPlan(changes, { configuration: { providers: [], modules, resources: [] } });
  return createLocate({ configurationDir: dir, workingDirectory, plan, clock: now === undefined ? createManualClock() : { now } });
}

describe('locate', () => {
  it('tells the line of the attribute, else of the block', () => {
    write({ 'main.tf': `# first\n${BUCKET}`, 'z.tf': 'data "aws_ami" "a" {}' });
    const locate = locator([
      aChange('aws_s3_bucket.logs["a\\"].b"]', 'create'),
      aChange('data.aws_ami.a', 'read', { mode: 'data', type: 'aws_ami', name: 'a' }),
    ]);
    expect(locate('aws_s3_bucket.logs["a\\"].b"]', 'acl')).toEqual({ file: 'main.tf', line: 4 });
    expect(locate('aws_s3_bucket.logs["a\\"].b"]', 'versioning')).toEqual({ file: 'main.tf', line: 2 });
    expect(locate('aws_s3_bucket.logs["a\\"].b"]', null)).toEqual({ file: 'main.tf', line: 2 });
    expect(locate('data.aws_ami.a', null)).toEqual({ file: 'z.tf', line: 1 });
    expect(locate('aws_s3_bucket.other', null)).toBe(null);
  });

  it('follows local modules, and stays at the call of any other', () => {
    write({
      'infra/live/main.tf': 'module "net" {\n  source = "../modules/net"\n}\n\nmodule "vpc" {\n  source  = "acme/vpc/aws"\n}\n',
      'infra/modules/net/main.tf': `\n${BUCKET}module "inner" {\n  source = "git::https://x"\n}\n`,
    });
    const inModule = (module: string): ResourceChange =>
      aChange(`${module}.aws_s3_bucket.logs`, 'create', { module, type: 'aws_s3_bucket', name: 'logs' });
    const modules = [
      aCall('module.net', '../modules/net'),
      aCall('module.vpc', 'acme/vpc/aws'),
      aCall('module.net.module.inner', 'git::https://x'),
    ];
    const locate = locator([inModule('module.net["a.b"]'), inModule('module.vpc'), inModule('module.net["a"].module.inner[0]')], {
      modules,
      workingDirectory: '/infra/live/',
    });
    expect(locate('module.net["a.b"].aws_s3_bucket.logs', 'acl')).toEqual({ file: 'infra/modules/net/main.tf', line: 4 });
    expect(locate('module.vpc.aws_s3_bucket.logs', 'acl')).toEqual({ file: 'infra/live/main.tf', line: 5 });
    expect(locate('module.net["a"].module.inner[0].aws_s3_bucket.logs', null)).toEqual({ file: 'infra/modules/net/main.tf', line: 6 });
  });

  it('finds the call where the plan does not say how modules are called', () => {
    write({ 'main.tf': '\nmodule "net" {\n  source = "./net"\n}\n' });
    const change = aChange('module.net.a.b', 'create', { module: 'module.net', type: 'a', name: 'b' });
    const locate = createLocate({ configurationDir: folder, workingDirectory: '', plan: aPlan([change]), clock: createManualClock() });
    expect(locate('module.net.a.b', null)).toEqual({ file: 'main.tf', line: 2 });
  });

  it('knows overrides and JSON', () => {
    write({
      'a_override.tf': 'resource "aws_s3_bucket" "logs" {\n\n  acl = "public-read"\n}',
      'main.tf': BUCKET,
      'x.tf.json': '{\n"resource": { "a": {\n "b": {} } } }',
    });
    const locate = locator([aChange('aws_s3_bucket.logs', 'create'), aChange('a.b', 'create')]);
    expect(locate('aws_s3_bucket.logs', 'acl')).toEqual({ file: 'a_override.tf', line: 3 });
    expect(locate('aws_s3_bucket.logs', 'bucket')).toEqual({ file: 'main.tf', line: 2 });
    expect(locate('aws_s3_bucket.logs', null)).toEqual({ file: 'main.tf', line: 1 });
    expect(locate('a.b', null)).toEqual({ file: 'x.tf.json', line: 3 });
  });

  it('reads nothing outside of the configuration', () => {
    const outside = join(folder, 'outside');
    const inside = join(folder, 'configuration');
    write({ 'main.tf': BUCKET }, outside);
    write({ 'modules/ok/main.tf': `\n\n${BUCKET}` }, inside);
    symlinkSync(join(outside, 'main.tf'), join(inside, 'link.tf'));
    symlinkSync(outside, join(inside, 'linked'));
    symlinkSync('modules/ok', join(inside, 'alias'));
    const change = aChange('module.m.aws_s3_bucket.logs', 'create', { module: 'module.m', type: 'aws_s3_bucket', name: 'logs' });
    const of = (source: string) =>
      locator([change], { dir: inside, modules: [aCall('module.m', source)] })('module.m.aws_s3_bucket.logs', null);
    expect(of('./linked')).toBe(null);
    expect(of('../outside')).toBe(null);
    expect(of('./modules/../../outside')).toBe(null);
    // In by way of out: the path that would be told leads out.
    expect(of('../configuration/modules/ok')).toBe(null);
    expect(of('./alias')).toEqual({ file: 'alias/main.tf', line: 3 });
    expect(locator([aChange('aws_s3_bucket.logs', 'create')], { dir: inside })('aws_s3_bucket.logs', null)).toBe(null);
    for (const workingDirectory of ['..', '../outside', 'a/../../outside'])
      expect(locator([aChange('aws_s3_bucket.logs', 'create')], { dir: inside, workingDirectory })('aws_s3_bucket.logs', null)).toBe(null);
  });

  it('is not held by a named pipe, nor stopped by a folder, a large file or bytes that are no text', () => {
    execFileSync('mkfifo', [join(folder, 'a.tf')]);
    mkdirSync(join(folder, 'b.tf'));
    write({ 'c.tf': ' '.repeat(1024 ** 2 + 1), 'd.tf': '\u0000\uffff{', 'e.tf': BUCKET });
    expect(locator([aChange('aws_s3_bucket.logs', 'create')])('aws_s3_bucket.logs', 'bucket')).toEqual({ file: 'e.tf', line: 2 });
  });

  it('gives up when its time is spent, and says nothing without a configuration', () => {
    write({ 'a/main.tf': BUCKET, 'main.tf': BUCKET });
    const changes = [
      aChange('aws_s3_bucket.logs', 'create'),
      aChange('module.a.aws_s3_bucket.logs', 'create', { module: 'module.a', type: 'aws_s3_bucket', name: 'logs' }),
    ];
    let now = 0;
    const locate = locator(changes, { modules: [aCall('module.a', './a')], now: () => (now += 5000) });
    expect(locate('aws_s3_bucket.logs', null)).toEqual({ file: 'main.tf', line: 1 });
    expect(locate('module.a.aws_s3_bucket.logs', null)).toBe(null);
    expect(locator(changes, { dir: null })('aws_s3_bucket.logs', null)).toBe(null);
    expect(locator(changes, { dir: join(folder, 'nowhere') })('aws_s3_bucket.logs', null)).toBe(null);
  });

  it('takes no longer for a finding when whoever opens the pull request writes many blocks', () => {
    // Both are valid Terraform. Looked through anew for each finding they took 13 ms of it, 4 minutes for these.
    write({ 'main.tf': BUCKET, 'a.tf': 'locals {}\n'.repeat(100_000), 'b.tf': 'locals {}\n'.repeat(100_000) });
    write({ 'x_override.tf': 'resource "aws_s3_bucket" "logs" {}\n'.repeat(25_000) });
    const addresses = Array.from({ length: 20_000 }, (_, n) => `aws_s3_bucket.logs[${n}]`);
    const locate = locator(addresses.map((address) => aChange(address, 'delete')));
    const startedAt = performance.now();
    const places = addresses.map((address) => locate(address, 'acl'));
    expect(new Set(places.map((place) => JSON.stringify(place)))).toEqual(new Set(['{"file":"main.tf","line":3}']));
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });
});
