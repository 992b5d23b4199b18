variable "name" {
  type = string
}

variable "rules" {
  type    = list(object({ port = number, open = optional(bool, false) }))
  default = []
}

output "name" {
  value = upper(var.name)
}

output "rules" {
  value = var.rules
}

output "path" {
  value = path.module
}
