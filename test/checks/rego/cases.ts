// Policies in the styles of different authors and products, good and broken, with what the check says of them on plan.json. The same cases
// are run with every engine: recorded (recorded.test.ts) and, where one is installed, real (real-engines.test.ts).
import type { KindOutcome } from '../../../src/checks/kind.ts';
import type { Situation } from './harness.ts';

export interface Case extends Situation {
  readonly name: string;
  /** Each finding as one line, see `toLine`; null: none. */
  readonly findings: readonly string[];
  readonly reason: string | null;
  /** What conftest says in place of the reason, where it cannot know better. */
  readonly conftest?: { readonly findings?: readonly string[]; readonly reason: string | null };
}

export const expectedOf = ({ findings, reason, conftest }: Case, engine: string): { findings: readonly string[]; reason: string | null } =>
  engine === 'conftest' && conftest !== undefined
    ? { findings: conftest.findings ?? findings, reason: conftest.reason }
    : { findings, reason };

/** `error critical main.deny aws_s3_bucket.logs[create] | message` */
export const toLine = ({ level, severity, ruleId, address, action, message, help, file, line }: KindOutcome['findings'][number]): string =>
  [
    `${level} ${severity} ${ruleId}${address ? ` ${address}[${action}]` : ''} | ${message}`,
    ...(help ? [`help ${help}`] : []),
    ...(file ? [`at ${file}:${line}`] : []),
  ].join(' | ');

const TEAM = 'aws_s3_bucket.team["a \\"b\\""]';

const V0_CONFTEST = `package main

is_bucket(rc) { rc.type == "aws_s3_bucket" }

deny[msg] {
  rc := input.resource_changes[_]
  is_bucket(rc)
  not rc.change.after.tags.Owner
  msg := sprintf("%s has no owner", [rc.address])
}

warn_unknown_acl[msg] {
  rc := input.resource_changes[_]
  rc.change.after_unknown.acl
  msg = sprintf("the acl of %s is known only after apply", [rc.address])
}
`;

const V1_OBJECTS = `# METADATA
# title: Data stores
package terraform.data

import rego.v1

# METADATA
# title: no replaced databases
# custom:
#   severity: critical
#   id: ACME-7
violation_replaced contains result if {
	some rc in input.resource_changes
	rc.type == "aws_db_instance"
	rc.change.actions == ["delete", "create"]
	meta := rego.metadata.rule()
	result := {
		"msg": sprintf("%s would be replaced: %v", [rc.address, meta.title]),
		"details": {"address": rc.address, "custom": meta.custom, "remediation": "Ask the data team"},
		"_loc": {"file": "db.tf", "line": 12},
	}
}
`;

const V1_EXCEPTIONS = `package main

deny_public contains msg if {
	some rc in input.resource_changes
	startswith(object.get(rc, ["change", "after", "acl"], ""), "public")
	msg := sprintf("%s is public", [rc.address])
}

deny_destroy contains {"msg": "destroyed", "resource": rc} if {
	some rc in input.resource_changes
	rc.change.actions == ["delete"]
}

exception contains rules if {
	input.format_version == "1.2"
	rules := ["public"]
}
`;

const DATA_DRIVEN = `package main

import data.allowed.instance_types
import data.runtask

deny contains sprintf("%s: %s is not allowed in %s", [rc.address, size, runtask.run.workspace]) if {
	some rc in input.resource_changes
	size := object.get(rc, ["change", "before", "instance_type"], null)
	is_string(size)
	not size in instance_types
	not size == runtask.params.also
}
`;

const HCP = `package terraform.policies.buckets

import input.plan as tfplan
import input.run

deny[msg] {
  run.workspace.name == "net-prod"
  run.organization.name == "acme"
  r := tfplan.resource_changes[_]
  r.change.after.acl == "public-read"
  msg := sprintf("%s is public in %s", [r.address, run.workspace.name])
}
`;

const SCALR = `package terraform

import input.tfplan as tfplan
import input.tfrun as tfrun

deny[reason] {
  not tfrun.is_destroy
  tfrun.vcs.repository_id == "acme/net"
  tfplan.resource_changes[_].change.actions == ["delete"]
  reason := sprintf("%s deletes something", [tfrun.created_by.username])
}
`;

const SPACELIFT = `package spacelift

deny["only on pull requests"] { input.spacelift.run.type == "TRACKED" }
warn[sprintf("%s changes", [r.address])] {
  r := input.terraform.resource_changes[_]
  r.change.actions[_] == "create"
}
`;

const one = (text: string): Situation['files'] => ({ 'policy/a.rego': text });
const policy = { policy: 'policy' };

export const CASES: readonly Case[] = [
  {
    name: 'v0, as conftest has it since 2019; a helper, a partial set, a value known only after apply',
    files: one(V0_CONFTEST),
    rego: policy,
    findings: [
      'error high main.deny | aws_s3_bucket.logs has no owner',
      `warning high main.warn_unknown_acl | the acl of ${TEAM} is known only after apply`,
    ],
    reason: null,
  },
  {
    name: 'v1 with annotations, objects with details, and a package of another name',
    files: { 'policy/data/db.rego': V1_OBJECTS },
    rego: { ...policy, namespaces: ['terraform.data'] },
    findings: [
      'error critical ACME-7 aws_db_instance.main[replace] | aws_db_instance.main would be replaced: no replaced databases | help Ask the data team | at db.tf:12',
    ],
    reason: null,
  },
  {
    name: 'exceptions: what the policy excepts is told as a note',
    files: one(V1_EXCEPTIONS),
    rego: policy,
    findings: [
      'error high main.deny_destroy module.old.aws_instance.web[0][delete] | destroyed',
      'note info main.deny_public | 1 finding of main.deny_public is excepted by the policy itself (exception)',
    ],
    reason: null,
  },
  {
    name: 'data files and params',
    files: {
      ...one(DATA_DRIVEN),
      'policy/not-data.json': '[]',
      'lists/allowed/types.yml': 'instance_types: [t3.micro]\n',
      'more.json': '{"unused": 1}',
    },
    rego: { ...policy, data: ['lists', 'more.json'] },
    params: { also: 't3.small' },
    findings: ['error high main.deny | module.old.aws_instance.web[0]: m5.24xlarge is not allowed in net-prod'],
    reason: null,
  },
  {
    name: 'a param excepts',
    files: { ...one(DATA_DRIVEN), 'lists/allowed/types.yml': 'instance_types: [t3.micro]\n' },
    rego: { ...policy, data: 'lists' },
    params: { also: 'm5.24xlarge' },
    findings: [],
    reason: null,
  },
  {
    name: "HCP Terraform's policy sets",
    files: one(HCP),
    rego: { ...policy, input: 'hcp', namespaces: 'all' },
    findings: ['error high terraform.policies.buckets.deny | aws_s3_bucket.logs is public in net-prod'],
    reason: null,
  },
  {
    name: "Scalr's policies",
    files: one(SCALR),
    rego: { ...policy, input: 'scalr', namespaces: ['terraform'] },
    run: {
      run_created_by: 'ada',
      vcs: { branch: 'main', commit_hash: 'abc', commit_url: null, pull_request_url: null, repository_url: 'https://github.com/acme/net' },
    },
    findings: ['error high terraform.deny | ada deletes something'],
    reason: null,
  },
  {
    name: "Spacelift's plan policies",
    files: one(SPACELIFT),
    rego: { ...policy, input: 'spacelift', namespaces: ['spacelift'] },
    findings: [
      'error high spacelift.deny | only on pull requests',
      'warning high spacelift.warn | aws_db_instance.main changes',
      'warning high spacelift.warn | aws_s3_bucket.logs changes',
      `warning high spacelift.warn | ${TEAM} changes`,
    ],
    reason: null,
  },
  {
    name: 'rules with one value: true, false, a text, undefined',
    files: one(
      'package main\ndeny := true\ndeny_a := false\ndeny_b := "text"\ndeny_c if input.no_such\ndeny_d := {"msg": "m", "severity": "Moderate"}\nwarn if true\n',
    ),
    rego: { ...policy, strict: false },
    check: { message: 'Not like this' },
    findings: [
      'error high main.deny | Not like this',
      'error high main.deny_b | text',
      'error medium main.deny_d | m',
      'warning high main.warn | Not like this',
    ],
    reason: null,
  },
  {
    name: 'values that are no messages are errors, and what is one counts',
    files: one(
      'package main\ndeny contains 7\ndeny contains "real"\ndeny contains {"message": "also"}\ndeny contains {"text": "no msg"}\nwarn := 3\nviolation := null\n',
    ),
    rego: policy,
    findings: ['error high main.deny | real', 'error high main.deny | also'],
    reason:
      'main.deny holds a number. Texts are read, and objects with `msg`. main.deny holds an object without `msg`. Texts are read, and objects with `msg`. ' +
      'main.violation is null and no set of messages. main.warn is a number and no set of messages',
  },
  {
    name: '`deny[msg] if` in v1 is a map and no set',
    files: one('package main\ndeny[msg] if { msg := "x" }\n'),
    rego: policy,
    findings: [],
    reason: 'main.deny is an object without `msg` and no set of messages. For a set of messages write `deny contains msg if { … }`',
    conftest: {
      reason:
        "conftest ended with exit code 1 and gave no answer: Error: running test: load: loading policies: rule is using 'if' keyword without 'contains' keyword: rule in policy/a.rego at line 2",
    },
  },
  {
    name: 'empty sets: nothing to say',
    files: one('package main\ndeny contains "x" if input.format_version == "9"\n'),
    rego: policy,
    findings: [],
    reason: null,
  },
  {
    name: 'a rule that is only mentioned does not exist',
    files: {
      'policy/a.rego': 'package main\n\nx := data.lib.y # nothing here may deny\n\ny if { z := "a"; deny }\n',
      'policy/lib.rego': 'package lib\ny := 1\n',
    },
    rego: policy,
    findings: [],
    reason: 'policy/a.rego:5: var deny is unsafe (rego_unsafe_var_error)',
  },
  {
    name: 'a syntax error in both dialects',
    files: one('package main\n\ndeny contains msg if {\n  msg := \n}\n'),
    rego: policy,
    findings: [],
    reason:
      'policy/a.rego:5: as Rego v1: unexpected } token (rego_parse_error). policy/a.rego:5: as Rego v0: unexpected } token (rego_parse_error)',
  },
  {
    name: 'a type error has its line',
    files: one('package main\n\ndeny contains msg if {\n  msg := 1 + "a"\n}\n'),
    rego: policy,
    findings: [],
    reason: 'policy/a.rego:4: plus: invalid argument(s) (rego_type_error)',
  },
  {
    name: 'the network',
    files: one('package main\n\ndeny contains msg if {\n  msg := http.send({"method": "get", "url": "http://127.0.0.1:9"}).body\n}\n'),
    rego: policy,
    findings: [],
    reason:
      'policy/a.rego:4: undefined function http.send (rego_type_error). It is switched off: policies have no network and no environment',
    conftest: { reason: 'policy/a.rego:4: http.send is switched off: policies have no network, environment or files' },
  },
  {
    name: 'the environment',
    files: one('package main\ndeny contains opa.runtime().env.PATH\n'),
    rego: policy,
    findings: [],
    reason:
      'policy/a.rego:2: undefined function opa.runtime (rego_type_error). It is switched off: policies have no network and no environment',
    conftest: { reason: 'policy/a.rego:2: opa.runtime is switched off: policies have no network, environment or files' },
  },
  {
    name: 'a built-in function that fails on a value: the rules that could judge still count, and nothing of the value is told',
    files: one(
      'package main\n\ndeny contains rc.address if {\n  some rc in input.resource_changes\n  to_number(rc.change.after.password) > 3\n}\ndeny contains "other"\nwarn contains "w" if startswith(input.resource_changes[0].change.after.tags, "x")\n',
    ),
    rego: policy,
    findings: ['error high main.deny | other'],
    reason:
      'policy/a.rego:5: to_number failed (eval_builtin_error). policy/a.rego:8: startswith: operand 1 must be string but got null (eval_type_error). ' +
      'Rego takes a function that fails for undefined, and a rule may have passed what it could not judge. Ask first (`is_string(x)`), or write `strict: false`',
    conftest: {
      findings: [],
      reason:
        'policy/a.rego:5: to_number failed (eval_builtin_error). policy/a.rego:8: startswith: operand 1 must be string but got null (eval_type_error). ' +
        'Rego takes a function that fails for undefined, and a rule may have passed what it could not judge. Ask first (`is_string(x)`), or write `strict: false`',
    },
  },
  {
    name: 'the same without strict: Rego as it is',
    files: one('package main\ndeny contains "a" if startswith(input.resource_changes[0].change.after.tags, "x")\ndeny contains "other"\n'),
    rego: { ...policy, strict: false },
    findings: ['error high main.deny | other'],
    reason: null,
  },
  {
    name: 'two values for one rule',
    files: one('package main\ndeny := "a"\ndeny := "b" if input.format_version == "1.2"\n'),
    rego: policy,
    findings: [],
    reason: 'policy/a.rego:3: complete rules must not produce multiple outputs (eval_conflict_error)',
  },
  {
    name: 'the wrong shape of input',
    files: one(HCP),
    rego: { ...policy, namespaces: 'all' },
    findings: [],
    reason:
      'policy/a.rego:7: undefined ref: input.run.workspace.name (rego_type_error). policy/a.rego:8: undefined ref: input.run.organization.name (rego_type_error). ' +
      'policy/a.rego:11: undefined ref: input.run.workspace.name (rego_type_error). `input: plan` does not hold it, so that the rule would never say anything. ' +
      'Is `input` right? Only with `strict: false` is it taken for undefined',
    conftest: {
      reason:
        'policy/a.rego:4: reads input.run. `input: plan` does not hold it, so that the rule would never say anything. ' +
        'Is `input` right? Only with `strict: false` is it taken for undefined',
    },
  },
  {
    name: 'a fact that no run task carries',
    files: one('package main\nimport rego.v1\ndeny contains "auto" if input.run.workspace.auto_apply\n'),
    rego: { ...policy, input: 'hcp' },
    findings: [],
    reason:
      'policy/a.rego:3: undefined ref: input.run.workspace.auto_apply (rego_type_error). `input: hcp` does not hold it, so that the rule would never say anything. ' +
      'Is `input` right? Only with `strict: false` is it taken for undefined',
    conftest: {
      reason:
        'policy/a.rego:3: reads input.run.workspace.auto_apply. `input: hcp` does not hold it, so that the rule would never say anything. ' +
        'Is `input` right? Only with `strict: false` is it taken for undefined',
    },
  },
  {
    name: 'policies for several products ask which plan there is',
    files: one(
      'package main\nimport rego.v1\nplan := input.plan\nplan := input if not input.plan\ndeny contains plan.resource_changes[0].address\n',
    ),
    rego: policy,
    findings: ['error high main.deny | aws_s3_bucket.logs'],
    reason: null,
  },
  {
    name: 'data that cannot be read',
    files: { ...one('package main\ndeny contains "x"\n'), 'lists/a.yml': 'a: [b' },
    rego: { ...policy, data: 'lists' },
    findings: [],
    reason: "a.yml: error converting YAML to JSON: yaml: line 1: did not find expected ',' or ']'",
    conftest: {
      reason:
        "conftest ended with exit code 1 and gave no answer: Error: running test: load: load documents: 1 error occurred during loading: a.yml: error converting YAML to JSON: yaml: line 1: did not find expected ',' or ']'",
    },
  },
  {
    name: 'packages with quoted names, all of them asked, libraries without rules passed over',
    files: {
      'policy/a.rego': 'package acme["data-stores"].x\nimport rego.v1\ndeny contains data.lib.text\n',
      'policy/lib.rego': 'package lib\nimport rego.v1\ntext := "quoted"\nviolation_text(x) := x\n',
    },
    rego: { ...policy, namespaces: 'all' },
    findings: ['error high acme.data-stores.x.deny | quoted'],
    reason: null,
  },
];
