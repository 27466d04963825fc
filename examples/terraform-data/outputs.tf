output "services" {
  value = { for name, service in terraform_data.service : name => service.output.image }
}

output "database_id" {
  value = terraform_data.database.id
}

# The second mistake: a secret inside of a longer text that nobody marked.
output "connection_string" {
  value = nonsensitive("postgres://shop:${var.database_password}@db.example.com:5432/shop?sslmode=require")
}
