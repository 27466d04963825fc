// The pack `aws-basics`: the rules that every team on AWS writes first, as the text of a checks file. It is read by the same reader as
// any other; what each rule sees and does not see is in docs/packs/aws-basics.md.

export const AWS_BASICS = `
version: 1
checks:
  - name: aws-basics/data stores stay
    severity: critical
    help: Take a snapshot and ask whoever owns the data. Then except this address for this one change, with a waiver that expires.
    protect:
      types:
        - aws_db_instance
        - aws_rds_cluster
        - aws_dynamodb_table
        - aws_s3_bucket
        - aws_efs_file_system
`.trimStart();
