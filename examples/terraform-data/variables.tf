variable "database_version" {
  type = string
}

variable "database_storage_gb" {
  type    = number
  default = 100
}

variable "cache_enabled" {
  type    = bool
  default = true
}

variable "services" {
  type = map(object({
    version  = string
    replicas = number
  }))
}

variable "tags" {
  type = map(string)
  default = {
    Owner = "shop-team"
    Env   = "production"
  }
}

variable "database_password" {
  type      = string
  sensitive = true
}

variable "payment_key" {
  type      = string
  default   = null
  sensitive = true
}
