package evaluate

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/keywarden/keywarden/terraform/internal/hole"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// pieces records the parts that a string is made of.
type pieces struct {
	run  *run
	list []hole.Piece
	end  int
}

func (p *pieces) add(value cty.Value, rng hcl.Range, literal bool) {
	bare, _ := value.Unmark()
	text, err := convert.Convert(bare, cty.String)
	if err != nil || text.IsNull() || !text.IsKnown() {
		return
	}
	size := len(text.AsString())
	if size == 0 {
		return
	}
	piece := hole.Piece{Start: p.end, End: p.end + size, Range: rangeOf(rng), Literal: literal}
	if !literal {
		if source := p.run.sources.SourceOf(value); source != nil && source.Text == text.AsString() {
			piece.Source = source
		}
	}
	p.list = append(p.list, piece)
	p.end = piece.End
}

// withSource marks a string with the source of its pieces if the string can be JSON or part of JSON.
func (p *pieces) withSource(value cty.Value) cty.Value {
	bare, _ := value.Unmark()
	if bare.Type() != cty.String || !bare.IsKnown() || bare.IsNull() {
		return value
	}
	text := bare.AsString()
	if len(text) != p.end || !strings.Contains(text, `"`) {
		return value
	}
	return value.Mark(p.run.sources.Mark(hole.Source{Pieces: p.list, Text: text}))
}
