# A version bump that looks harmless: it replaces the database, and drops the cache and a service along the way.
database_version  = "16"
database_password = "first-password-0417-e5d2"
cache_enabled     = false
services = {
  web = { version = "4.1.0", replicas = 2 }
}
