package postgres

import (
	"encoding/base64"
	"encoding/binary"
	"slices"
	"time"

	"motcua/engine"
	"motcua/engine/calendar"
)

// place is where a dossier stands in an order: by a number, ties by id. It
// also carries the moment the first page was judged at, so that all pages of a
// list are judged at one.
type place struct {
	order   engine.Order
	key, id int64
	at      int64 // microseconds
}

// cursorVersion begins every cursor; those of an earlier shape are refused
// rather than misread.
const cursorVersion = 2

// cursor writes a place so that clients take it for what it is: opaque.
func (p place) cursor() string {
	raw := []byte{cursorVersion, byte(slices.Index(engine.Orders(), p.order))} //nolint:gosec // there are eight
	for _, n := range []int64{p.key, p.id, p.at} {
		raw = binary.BigEndian.AppendUint64(raw, uint64(n)) //nolint:gosec // the bits, both ways
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

func parseCursor(cursor string, order engine.Order) (place, error) {
	refused := func(why string) (place, error) {
		return place{}, &engine.Error{Code: engine.CodeInvalid, Message: why, Path: "/cursor"}
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil || len(raw) != 26 || raw[0] != cursorVersion || int(raw[1]) >= len(engine.Orders()) {
		return refused("the cursor is not one of ours")
	}
	number := func(from int) int64 { return int64(binary.BigEndian.Uint64(raw[from:])) } //nolint:gosec // the bits, both ways
	p := place{order: engine.Orders()[raw[1]], key: number(2), id: number(10), at: number(18)}
	if p.order != order {
		return refused("the cursor is of a list in another order")
	}
	return p, nil
}

// moment is the one the list is judged at.
func (p place) moment() time.Time { return time.UnixMicro(p.at).In(calendar.Zone()) }

// sorting is how an order is written in SQL: the column, what a key of a
// cursor is compared with, and the way round.
type sorting struct {
	column     string // of d
	descending bool
	// plain says that the column is a number; otherwise it is a moment.
	plain bool
}

func sortingOf(o engine.Order) sorting {
	by, descending := o.Descending()
	s := sorting{descending: descending}
	switch by {
	case engine.OrderStarted:
		s.column = "d.started_at"
	case engine.OrderEntered:
		s.column = "d.entered_at"
	case engine.OrderActed:
		s.column = "d.acted_at"
	default:
		s.column, s.plain = "d.rank", true
	}
	return s
}

// by is the ORDER BY clause.
func (s sorting) by() string {
	if s.descending {
		return " ORDER BY " + s.column + " DESC, d.id DESC"
	}
	return " ORDER BY " + s.column + ", d.id"
}

// key is the column as a number, for a cursor.
func (s sorting) key() string {
	if s.plain {
		return s.column
	}
	return "(extract(epoch FROM " + s.column + ") * 1000000)::bigint"
}

// behind adds the condition that a dossier comes after a place.
func (s sorting) behind(c *conditions, p place) {
	var key any = p.key
	if !s.plain {
		key = time.UnixMicro(p.key)
	}
	sign := ">"
	if s.descending {
		sign = "<"
	}
	c.add("("+s.column+", d.id) "+sign+" (%s, %s)", key, p.id)
}
