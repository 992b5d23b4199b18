variable "p" {
  sensitive = true
  default   = "s3cr3t-one" "s3cr3t-two"
}

resource "aws_kms_key" "key" { description = sensitive("s3cr3t-three" s3cr3t-four) }
