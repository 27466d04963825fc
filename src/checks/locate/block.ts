// A block of Terraform's configuration as far as a finding needs it: what it is and on which lines. Types only.

export interface ConfigurationBlock {
  /** `resource`, `data`, `module`, … */
  readonly keyword: string;
  /** `["aws_s3_bucket", "logs"]` */
  readonly labels: readonly string[];
  /** 1-based. */
  readonly line: number;
  /** Attributes and nested blocks directly inside: name to the line of the first. */
  readonly members: ReadonlyMap<string, number>;
}
