variable "password" { sensitive = true }

resource "aws_kms_key" "inner" {
  description = var.password
  is_enabled  = false
  policy = jsonencode({ Statement = [
    { Effect = "Allow", Principal = { AWS = var.password }, Action = "kms:Decrypt", Resource = "*" },
  ] })
}

output "policy" {
  sensitive = true
  value = jsonencode({ Statement = [
    { Sid = "s3cr3t-in-output", Effect = "Allow", Principal = { AWS = var.password }, Action = "kms:Decrypt", Resource = "*" },
  ] })
}
