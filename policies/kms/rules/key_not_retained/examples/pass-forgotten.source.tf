resource "aws_kms_key" "orders" {
  description         = "Encrypts the orders table"
  enable_key_rotation = true
  lifecycle {
    destroy = false
  }
}
