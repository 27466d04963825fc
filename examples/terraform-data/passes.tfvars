# A release: web goes to 4.2.0, a worker is added, the disk grows. Nothing is lost.
database_version    = "15"
database_storage_gb = 200
database_password   = "first-password-0417-e5d2"
services = {
  web    = { version = "4.2.0", replicas = 3 }
  search = { version = "1.9.3", replicas = 1 }
  worker = { version = "4.2.0", replicas = 1 }
}
