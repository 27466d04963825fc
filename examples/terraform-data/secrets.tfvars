# Two secrets change. They stand at marked places, and, unmarked, in `dashboard` and in the output `connection_string`.
database_version  = "15"
database_password = "second-password-7c1b-93fa"
payment_key       = "payment-key-52ad-0e8f-demo"
services = {
  web    = { version = "4.1.0", replicas = 2 }
  search = { version = "1.9.3", replicas = 1 }
}
