# A small shop on terraform_data only: nothing to download, no account, no cloud. What each resource stands for is in its name.
terraform {
  required_version = ">= 1.4" # terraform_data is built in since 1.4
}

resource "terraform_data" "network" {
  input = {
    cidr = "10.20.0.0/16"
    tags = var.tags
  }
}

# A database cannot change its engine version in place here: it is replaced, and its data with it.
resource "terraform_data" "database" {
  input = {
    engine_version = var.database_version
    network        = terraform_data.network.output.cidr
    storage_gb     = var.database_storage_gb
    password       = var.database_password
    tags           = var.tags
  }
  triggers_replace = [var.database_version]
}

resource "terraform_data" "cache" {
  count = var.cache_enabled ? 1 : 0

  input = {
    size = "small"
    tags = var.tags
  }
}

resource "terraform_data" "service" {
  for_each = var.services

  input = {
    image    = "registry.example.com/${each.key}:${each.value.version}"
    replicas = each.value.replicas
    database = terraform_data.database.id
    settings = {
      LOG_LEVEL   = "info"
      PAYMENT_KEY = var.payment_key
    }
    tags = var.tags
  }
}

# The mistake that everybody makes once: a secret is unmarked to get it past an error message.
resource "terraform_data" "dashboard" {
  input = {
    title       = "Shop"
    payment_key = var.payment_key == null ? "none" : nonsensitive(var.payment_key)
  }
}
