# What is deployed before the three changes.
database_version  = "15"
database_password = "first-password-0417-e5d2"
services = {
  web    = { version = "4.1.0", replicas = 2 }
  search = { version = "1.9.3", replicas = 1 }
}
