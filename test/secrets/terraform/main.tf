variable "password" {
  sensitive = true
  default   = "s3cr3t-default"
}

variable "given" { sensitive = true }

variable "number" {
  type      = number
  sensitive = true
}

variable "environment" { sensitive = true }

variable "ephemeral" {
  ephemeral = true
  default   = "s3cr3t-ephemeral"
}

variable "object" {
  sensitive = true
  default   = { a = "s3cr3t-a", b = ["s3cr3t-b"] }
}

variable "allowed" {
  type      = string
  sensitive = true
  validation {
    condition     = contains(["s3cr3t-allowed-a", "s3cr3t-allowed-b"], var.allowed)
    error_message = "Not allowed."
  }
}

variable "heredoc" {
  sensitive = true
  default   = <<-EOT
    s3cr3t-line-one
    s3cr3t-line-two
  EOT
}

variable "published" {
  sensitive = true
  default   = "shown-by-the-author"
}

locals {
  literal = sensitive("s3cr3t-local")
  encoded = base64encode(var.password)
  joined  = sensitive(join("-", ["s3cr3t", "joined"]))
}

module "child" {
  source   = "./child"
  password = "s3cr3t-argument"
}

provider "aws" {
  region     = "eu-central-1"
  secret_key = "s3cr3t-provider"
}

resource "aws_kms_key" "marked" {
  description              = sensitive("s3cr3t-literal")
  customer_master_key_spec = var.password
  deletion_window_in_days  = var.given
  tags                     = { value = var.password, (var.given) = "key" }
  policy = jsonencode({ Statement = [
    { Sid = "Open", Effect = "Allow", Principal = { AWS = var.password }, Action = "kms:${var.password}", Resource = "*" },
    { Sid = "\u0073\u0033cr3t-literal", Effect = "Allow", Principal = { AWS = upper(var.given) }, Action = "kms:Decrypt", Resource = "*" },
  ] })
}

resource "aws_kms_key" "derived" {
  description = "for ${local.literal} and ${local.encoded}"
  is_enabled  = false
  policy      = data.aws_iam_policy_document.key.json
}

resource "aws_kms_key" "untaken" {
  description = true ? "shown" : sensitive("s3cr3t-untaken")
  is_enabled  = false
  policy      = <<-EOT
    {"Statement": [{"Sid": "${var.object.a}", "Effect": "Allow", "Principal": {"AWS": "${var.object.b[0]}"}, "Action": "kms:${local.joined}", "Resource": "*"}]}
  EOT
}

resource "aws_kms_key" "child" {
  description = "\u0073\u0033cr3t-literal"
  is_enabled  = false
  policy      = module.child.policy
}

resource "aws_kms_key" "unmarked" {
  policy = jsonencode({ Statement = [
    { Sid = nonsensitive(var.published), Effect = "Allow", Principal = "*", Action = "kms:Decrypt", Resource = "*" },
  ] })
}

resource "aws_kms_key" "choice" {
  policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = { AWS = var.allowed }, Action = "kms:${var.environment}", Resource = "*" }] })
}

data "aws_iam_policy_document" "key" {
  statement {
    sid       = var.given
    actions   = ["kms:${var.password}", "kms:${sha256(var.password)}"]
    resources = [var.heredoc]
    principals {
      type        = "AWS"
      identifiers = [local.encoded, var.object.a, substr(var.given, 7, 8)]
    }
    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = [md5(var.given), var.heredoc, split("-", var.given)[2]]
    }
  }
}

resource "aws_kms_alias" "alias" {
  name          = "alias/${var.password}"
  target_key_id = var.given
}

resource "aws_kms_grant" "grant" {
  key_id                = aws_kms_key.marked.key_id
  grantee_principal     = "arn:aws:iam::111122223333:role/${var.given}"
  operations            = ["Decrypt", var.given]
  grant_creation_tokens = ["s3cr3t-grant-token"]
  constraints {
    encryption_context_equals = { encoded = local.encoded, given = var.given }
  }
}

resource "aws_db_instance" "database" {
  password          = "s3cr3t-database"
  storage_encrypted = false
  tags              = { DataClass = "phi" }
}

resource "aws_rds_cluster" "cluster" {
  master_password_wo = "s3cr3t-write-only"
  storage_encrypted  = false
  tags               = { DataClass = "phi" }
}

output "output" {
  sensitive = true
  value     = "s3cr3t-output"
}
