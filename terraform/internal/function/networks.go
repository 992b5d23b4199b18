package function

import (
	"fmt"
	"math"
	"math/big"
	"net/netip"
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

func (l *library) defineNetworks() {
	prefix, whole := param("prefix", cty.String), cty.Number
	l.define("cidrhost", typedFunction(cty.String, cidrhost, prefix, param("hostnum", whole)), nil)
	l.define("cidrnetmask", typedFunction(cty.String, cidrnetmask, prefix), nil)
	l.define("cidrsubnet", typedFunction(cty.String, cidrsubnet, prefix, param("newbits", whole), param("netnum", whole)), nil)
	rest := param("newbits", whole)
	l.define("cidrsubnets", function.New(&function.Spec{
		Params:   []function.Parameter{prefix},
		VarParam: &rest,
		Type:     function.StaticReturnType(cty.List(cty.String)),
		Impl:     func(args []cty.Value, _ cty.Type) (cty.Value, error) { return cidrsubnets(args) },
	}), nil)
	l.define("cidrcontains", typedFunction(cty.Bool, cidrcontains, param("containing_prefix", cty.String), param("contained_ip_or_prefix", cty.String)), nil)
}

// address parses an IP address. IPv4 octets can have leading zeros, which Terraform still accepts.
func address(text string) (netip.Addr, error) {
	if octets := strings.Split(text, "."); len(octets) == 4 && !strings.Contains(text, ":") {
		for i, octet := range octets {
			if trimmed := strings.TrimLeft(octet, "0"); octet != "" {
				octets[i] = trimmed
				if trimmed == "" {
					octets[i] = "0"
				}
			}
		}
		text = strings.Join(octets, ".")
	}
	a, err := netip.ParseAddr(text)
	if err == nil && a.Zone() != "" {
		return a, fmt.Errorf("zone")
	}
	return a, err
}

func cidr(text string) (netip.Prefix, error) {
	invalid := fmt.Errorf("invalid CIDR expression: invalid CIDR address: %s", text)
	host, bits, ok := strings.Cut(text, "/")
	if !ok {
		return netip.Prefix{}, invalid
	}
	a, err := address(host)
	if err != nil {
		return netip.Prefix{}, invalid
	}
	n, err := strconv.ParseUint(bits, 10, 8)
	if err != nil || int(n) > a.BitLen() {
		return netip.Prefix{}, invalid
	}
	// An IPv4-mapped IPv6 address counts as IPv4, with the prefix length of IPv6.
	return netip.PrefixFrom(a, int(n)).Masked(), nil
}

func integer(v cty.Value) (*big.Int, error) {
	n, accuracy := v.AsBigFloat().Int(nil)
	if accuracy != big.Exact || n == nil {
		return nil, fmt.Errorf("value must be a whole number, between %d and %d", math.MinInt64, math.MaxInt64)
	}
	return n, nil
}

func toNumber(a netip.Addr) *big.Int { return new(big.Int).SetBytes(a.AsSlice()) }

func fromNumber(n *big.Int, like netip.Addr) netip.Addr {
	raw := make([]byte, like.BitLen()/8)
	a, _ := netip.AddrFromSlice(n.FillBytes(raw))
	return a
}

func cidrhost(args []cty.Value) (cty.Value, error) {
	p, err := cidr(args[0].AsString())
	if err != nil {
		return cty.NilVal, err
	}
	host, accuracy := args[1].AsBigFloat().Int(nil)
	if accuracy != big.Exact {
		return cty.NilVal, fmt.Errorf("value must be a whole number")
	}
	size := new(big.Int).Lsh(big.NewInt(1), uint(p.Addr().BitLen()-p.Bits()))
	wanted := new(big.Int).Set(host)
	if host.Sign() < 0 {
		wanted.Add(wanted, size)
	}
	if wanted.Sign() < 0 || wanted.Cmp(size) >= 0 {
		return cty.NilVal, fmt.Errorf("prefix of %d does not accommodate a host numbered %s", p.Bits(), wanted)
	}
	return cty.StringVal(fromNumber(wanted.Add(wanted, toNumber(p.Addr())), p.Addr()).String()), nil
}

func cidrnetmask(args []cty.Value) (cty.Value, error) {
	p, err := cidr(args[0].AsString())
	if err != nil {
		return cty.NilVal, err
	}
	if !p.Addr().Is4() {
		return cty.NilVal, fmt.Errorf("IPv6 addresses cannot have a netmask: %s", args[0].AsString())
	}
	ones := new(big.Int).Lsh(big.NewInt(1), 32)
	ones.Sub(ones, new(big.Int).Lsh(big.NewInt(1), uint(32-p.Bits())))
	return cty.StringVal(fromNumber(ones, p.Addr()).String()), nil
}

func cidrsubnet(args []cty.Value) (cty.Value, error) {
	p, err := cidr(args[0].AsString())
	if err != nil {
		return cty.NilVal, err
	}
	newBits, err := integer(args[1])
	if err != nil {
		return cty.NilVal, err
	}
	netnum, err := integer(args[2])
	if err != nil {
		return cty.NilVal, err
	}
	if netnum.Sign() < 0 {
		return cty.NilVal, fmt.Errorf("subnet number must not be negative")
	}
	if !newBits.IsInt64() || newBits.Sign() < 0 || newBits.Int64() > int64(p.Addr().BitLen()-p.Bits()) {
		return cty.NilVal, fmt.Errorf("insufficient address space to extend prefix of %d by %s", p.Bits(), newBits)
	}
	bits := uint(newBits.Int64())
	if netnum.BitLen() > int(bits) {
		return cty.NilVal, fmt.Errorf("prefix extension of %d does not accommodate a subnet numbered %s", bits, netnum)
	}
	length := p.Bits() + int(bits)
	start := new(big.Int).Lsh(netnum, uint(p.Addr().BitLen()-length))
	start.Add(start, toNumber(p.Addr()))
	return cty.StringVal(netip.PrefixFrom(fromNumber(start, p.Addr()), length).String()), nil
}

func cidrsubnets(args []cty.Value) (cty.Value, error) {
	p, err := cidr(args[0].AsString())
	if err != nil {
		return cty.NilVal, function.NewArgError(0, err)
	}
	width := p.Addr().BitLen()
	next := toNumber(p.Addr())
	end := new(big.Int).Add(next, new(big.Int).Lsh(big.NewInt(1), uint(width-p.Bits())))
	var out []cty.Value
	for i, arg := range args[1:] {
		bits, err := integer(arg)
		if err != nil {
			return cty.NilVal, function.NewArgError(i+1, err)
		}
		if bits.Cmp(big.NewInt(1)) < 0 {
			return argError(i+1, "must extend prefix by at least one bit")
		}
		if !bits.IsInt64() || bits.Int64() > 32 {
			return argError(i+1, "may not extend prefix by more than 32 bits")
		}
		length := p.Bits() + int(bits.Int64())
		if length > width {
			return argError(i+1, "would extend prefix to %d bits, which is too long for an %s address", length, family(p))
		}
		size := new(big.Int).Lsh(big.NewInt(1), uint(width-length))
		// The next network of this size starts at a multiple of the size.
		if rest := new(big.Int).Mod(next, size); rest.Sign() > 0 {
			next = new(big.Int).Add(next, new(big.Int).Sub(size, rest))
		}
		after := new(big.Int).Add(next, size)
		if after.Cmp(end) > 0 {
			return argError(i+1, "not enough remaining address space for a subnet with a prefix of %d bits after %s", length, lastOf(out))
		}
		out = append(out, cty.StringVal(netip.PrefixFrom(fromNumber(next, p.Addr()), length).String()))
		next = after
	}
	if len(out) == 0 {
		return cty.ListValEmpty(cty.String), nil
	}
	return cty.ListVal(out), nil
}

func family(p netip.Prefix) string {
	if p.Addr().Is4() {
		return "IPv4"
	}
	return "IPv6"
}

func lastOf(out []cty.Value) string {
	if len(out) == 0 {
		return "the start"
	}
	return out[len(out)-1].AsString()
}

func cidrcontains(args []cty.Value) (cty.Value, error) {
	p, err := cidr(args[0].AsString())
	if err != nil {
		return cty.NilVal, err
	}
	text := args[1].AsString()
	inner, err := cidr(text)
	if err != nil {
		a, err := address(text)
		if err != nil {
			return cty.NilVal, fmt.Errorf("invalid IP address or prefix: %s", text)
		}
		inner = netip.PrefixFrom(a, a.BitLen())
	}
	if p.Addr().Is4() != inner.Addr().Is4() {
		return cty.NilVal, fmt.Errorf("address family mismatch: %s vs. %s", args[0].AsString(), text)
	}
	return cty.BoolVal(p.Bits() <= inner.Bits() && p.Contains(inner.Addr())), nil
}
