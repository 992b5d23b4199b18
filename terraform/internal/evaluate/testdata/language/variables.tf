variable "v_string" {
  type    = string
  default = 5
}

variable "v_string_bool" {
  type    = string
  default = true
}

variable "v_number" {
  type    = number
  default = "7.50"
}

variable "v_bool" {
  type    = bool
  default = "true"
}

variable "v_any" {
  type    = any
  default = [1, "a", true]
}

variable "v_untyped" {
  default = { a = [1, "b"] }
}

variable "v_list" {
  type    = list(string)
  default = [1, "a", true]
}

variable "v_list_any" {
  type    = list(any)
  default = [1, "a"]
}

variable "v_set" {
  type    = set(string)
  default = ["b", "a", "b", 1]
}

variable "v_set_number" {
  type    = set(number)
  default = ["3", 1, 2, 1]
}

variable "v_map" {
  type    = map(string)
  default = { a = 1, b = true }
}

variable "v_map_any" {
  type    = map(any)
  default = { a = 1, b = "x" }
}

variable "v_map_list" {
  type    = map(list(string))
  default = { a = [1], b = [] }
}

variable "v_tuple" {
  type    = tuple([string, number, bool])
  default = [1, "2", "true"]
}

variable "v_object" {
  type    = object({ a = string, b = number })
  default = { a = 1, b = "2", extra = "dropped" }
}

variable "v_optional" {
  type = object({
    a = optional(string)
    b = optional(number, 5)
    c = optional(list(string), ["x"])
    d = optional(object({
      e = optional(bool, true)
      f = optional(string, "deep")
    }), {})
  })
  default = {}
}

variable "v_optional_partly" {
  type = object({
    a = optional(string, "default")
    d = optional(object({ e = optional(bool, true), f = optional(string) }))
  })
  default = { d = { f = 1 }, a = null }
}

variable "v_optional_list" {
  type    = list(object({ name = string, days = optional(number, 30), tags = optional(map(string), {}) }))
  default = [{ name = "a" }, { name = "b", days = "7", tags = { x = 1 } }]
}

variable "v_optional_map" {
  type    = map(object({ rotate = optional(bool, true), admins = optional(set(string), []) }))
  default = { one = {}, two = { rotate = false, admins = ["b", "a", "a"] } }
}

variable "v_optional_any" {
  type    = object({ x = optional(any, { y = 1 }) })
  default = {}
}

variable "v_null" {
  type    = string
  default = null
}

variable "v_not_nullable" {
  type     = list(string)
  default  = []
  nullable = false
}

variable "v_map_object" {
  type    = map(object({ a = string }))
  default = { k = { a = 1, z = 2 } }
}

variable "v_nested_list" {
  type    = list(list(number))
  default = [["1"], [2, "3"], []]
}

variable "v_given" {
  type = object({ a = optional(string, "x"), n = number })
}

variable "v_given_list" {
  type = set(string)
}

variable "v_given_number" {
  type = number
}

variable "v_given_string" {
  type = string
}

variable "v_given_null" {
  type    = string
  default = "default"
}

variable "v_given_null_refused" {
  type     = string
  default  = "default"
  nullable = false
}

locals {
  v_string             = var.v_string
  v_string_bool        = var.v_string_bool
  v_number             = var.v_number
  v_bool               = var.v_bool
  v_any                = var.v_any
  v_untyped            = var.v_untyped
  v_list               = var.v_list
  v_list_any           = var.v_list_any
  v_set                = var.v_set
  v_set_number         = var.v_set_number
  v_map                = var.v_map
  v_map_any            = var.v_map_any
  v_map_list           = var.v_map_list
  v_tuple              = var.v_tuple
  v_object             = var.v_object
  v_optional           = var.v_optional
  v_optional_partly    = var.v_optional_partly
  v_optional_list      = var.v_optional_list
  v_optional_map       = var.v_optional_map
  v_optional_any       = var.v_optional_any
  v_null               = var.v_null == null
  v_not_nullable       = var.v_not_nullable
  v_map_object         = var.v_map_object
  v_nested_list        = var.v_nested_list
  v_given              = var.v_given
  v_given_list         = var.v_given_list
  v_given_number       = var.v_given_number
  v_given_string       = var.v_given_string
  v_given_null         = var.v_given_null == null
  v_given_null_refused = var.v_given_null_refused
}
