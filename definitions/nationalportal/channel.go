package nationalportal

import (
	"fmt"
	"slices"
	"strings"

	"motcua/definitions/draft"
	"motcua/engine"
	"motcua/engine/calendar"
)

// ruling is one limit and the channels it holds for.
type ruling struct {
	limit    calendar.Duration
	channels []string
}

// limits are the limits of the table of channels, that of most channels first,
// and what is doubtful about them. There are none where one channel has several:
// the record does not say by what rule a case is one or the other.
func limits(rows []method) ([]ruling, []Doubt) {
	var list []ruling
	var doubts []Doubt
	var without []string
	doubt := func(kind Kind, text string) {
		if d := (Doubt{kind, "/limits", text}); !slices.Contains(doubts, d) {
			doubts = append(doubts, d)
		}
	}
	for _, row := range rows {
		limit, kind := limitOf(row)
		if kind != "" {
			doubt(kind, published(row.channel)+": "+row.time)
		}
		if limit.IsZero() {
			without = append(without, row.channel)
			continue
		}
		list = rule(list, limit, row.channel)
	}
	if byCase(list, without) {
		for _, row := range rows {
			doubt(LimitByCase, published(row.channel)+": "+row.time+". "+excerpt(draft.Clean(row.description), 400))
		}
		return nil, doubts
	}
	slices.SortStableFunc(list, func(a, b ruling) int { return len(b.channels) - len(a.channels) })
	if len(list) > 0 && len(without) > 0 {
		doubt(LimitNotOfChannel, strings.Join(publishedAll(without), ", "))
	}
	if len(list) > 1 {
		for _, r := range list {
			doubt(LimitByChannel, strings.Join(publishedAll(r.channels), ", ")+": "+r.limit.String())
		}
	}
	return list, doubts
}

// rule adds a channel to those of a limit.
func rule(list []ruling, limit calendar.Duration, channel string) []ruling {
	i := slices.IndexFunc(list, func(r ruling) bool { return r.limit == limit })
	if i < 0 {
		return append(list, ruling{limit, []string{channel}})
	}
	if !slices.Contains(list[i].channels, channel) {
		list[i].channels = append(list[i].channels, channel)
	}
	return list
}

// byCase says whether one channel has several limits, or one and none.
func byCase(list []ruling, without []string) bool {
	seen := slices.Compact(slices.Sorted(slices.Values(without)))
	for _, r := range list {
		for _, channel := range r.channels {
			if slices.Contains(seen, channel) {
				return true
			}
			seen = append(seen, channel)
		}
	}
	return false
}

// condition is true of a dossier that came by one of some channels.
func condition(words []string) engine.Condition {
	parts := make([]string, len(words))
	for i, word := range words {
		parts[i] = fmt.Sprintf("channel == %q", word)
	}
	return engine.Condition(strings.Join(parts, " || "))
}

var filed = map[string]engine.Text{
	"direct": {VI: "Nộp trực tiếp", EN: "Filed in person"},
	"online": {VI: "Nộp trực tuyến", EN: "Filed online"},
	"post":   {VI: "Nộp qua bưu chính", EN: "Filed by post"},
}

// named is the name of a case that is told by its channels.
func named(words []string) engine.Text {
	vi, en := make([]string, len(words)), make([]string, len(words))
	for i, word := range words {
		vi[i], en[i] = filed[word].VI, filed[word].EN
	}
	return engine.Text{VI: strings.Join(vi, ", "), EN: strings.Join(en, ", ")}
}

// published is the portal's word for a channel.
func published(word string) string {
	for _, c := range channels {
		if c.word == word {
			return c.published
		}
	}
	return word
}

func publishedAll(words []string) []string {
	list := make([]string, 0, len(words))
	for _, word := range words {
		if p := published(word); !slices.Contains(list, p) {
			list = append(list, p)
		}
	}
	return list
}
